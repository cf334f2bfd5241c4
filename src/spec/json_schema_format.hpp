// The words of the `format` keyword that can be enforced, each with its check.
#pragma once

#include <string_view>

namespace poly::spec::json_schema {

using FormatCheck = bool (*)(std::string_view text);

// Null for a word without a check: such a format stays an annotation.
FormatCheck format_check(std::string_view format);

}  // namespace poly::spec::json_schema
