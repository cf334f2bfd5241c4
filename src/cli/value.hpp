// Values as people write them on a command line: JSON, text, `name=value`, durations, files.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "cli/world.hpp"

namespace poly::cli {

// `@file` is the text of that file, `@-` or `-` all of standard input, anything else is itself; `@@x` is
// `@x`.
std::string text_of_argument(std::string_view argument, World& world);

// The same, parsed as JSON. `option` is named when it does not parse.
Json json_of_argument(std::string_view option, std::string_view argument, World& world);

// `name=value`: JSON when the value parses as JSON, else text. Throws Failure{bad_request} without `=`.
std::pair<std::string, Json> named_value(std::string_view option, std::string_view argument, World& world);
// `name=value`, text only.
std::pair<std::string, std::string> named_text(std::string_view option, std::string_view argument);

// `90s`, `15m`, `2h`, `7d`; a bare number is seconds.
std::chrono::seconds duration_of(std::string_view option, std::string_view argument);

// The words of `a,b` and of several mentions of one option, in order.
std::vector<std::string> words_of(const std::vector<std::string>& arguments);

// A path in the current folder unless it is absolute.
std::filesystem::path file_of(std::string_view argument, const World& world);

}  // namespace poly::cli
