// Regular expressions as schemas write them (ECMA 262, with Unicode) in the words of RE2.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace poly::spec::json_schema {

// RE2 runs in linear time on any input, which hostile schemas and values need, and therefore has no
// lookaround and no back references: those fail with kind `unsupported`, other mistakes with `bad_request`.
// The message has no place.
Result<std::string> to_re2_syntax(std::string_view ecma_pattern);

}  // namespace poly::spec::json_schema
