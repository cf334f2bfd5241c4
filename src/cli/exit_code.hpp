// How `poly` ends, for scripts that branch on it. The numbers are a contract: docs/cli.md lists them.
#pragma once

#include "base/error.hpp"

namespace poly::cli {

enum class ExitCode {
  ok = 0,
  failed = 1,  // the server refused for another reason than those below, or a run failed
  usage = 2,   // the command line itself is wrong; nothing was sent
  not_found = 3,
  not_allowed = 4,  // no key, a wrong key, or a key without the permission
  conflict = 5,
  bad_input = 6,    // a value or file that the server or `poly` cannot take
  unreachable = 7,  // no server answers there, or it is not ready
  timeout = 8,
};

ExitCode exit_code_of(ErrorKind kind);

// What a status that is no success means, when the server answers it.
ErrorKind kind_of_status(int status);

}  // namespace poly::cli
