// How a step of narrowing went. These files are linked into a static program and into a library that foreign
// processes load, so they stand on the C library alone: nothing allocates, nothing throws.
#pragma once

#include <cerrno>
#include <expected>

namespace poly::launch {

struct Problem {
  const char* step = "";     // "unshare"
  const char* subject = "";  // what it was about, such as a path; may be empty
  int code = 0;              // of errno
};

using Outcome = std::expected<void, Problem>;

inline std::unexpected<Problem> failed(const char* step, const char* subject = "") {
  return std::unexpected(Problem{step, subject, errno});
}

// Says on standard error what went wrong.
void complain(const Problem& problem);

}  // namespace poly::launch
