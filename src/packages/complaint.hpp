// What a tool said when it failed, as an error for the one who deployed.
#pragma once

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
  std::string_view absent = {};                         // the tool is not there, which its interpreter tells
  std::string_view advice = {};                         // what to do then
};

// Runs a tool that has to end well. Throws Failure as Toolbox::run() does, and bad_request in the tool's
// words, upstream when the registry did not answer, unavailable when the disk is full or the tool is not
// there.
Task<void> run_well(Toolbox& tools, std::vector<std::string> words, WorkFolders folders,
                    const Dialect& dialect);

}  // namespace poly::packages
