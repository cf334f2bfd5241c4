// What a tool said when it failed, as an error for the one who deployed.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "packages/toolbox.hpp"

namespace poly::packages {

// The words by which a tool tells what is wrong.
struct Dialect {
  std::string_view tool;                                // `npm`
  std::string_view beginning;                           // of the lines that matter: `npm error `
  std::initializer_list<std::string_view> left_out;     // lines that say nothing about the packages
  std::initializer_list<std::string_view> unreachable;  // the registry did not answer
};

// bad_request in the tool's words; upstream when the registry did not answer; unavailable on a full disk.
Failure complaint(const ToolEnd& ended, const Dialect& dialect);

}  // namespace poly::packages
