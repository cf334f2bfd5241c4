// Text of a document, JSON or YAML, to one JSON value.
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace poly::training {

inline constexpr std::size_t document_bytes_max = std::size_t{64} * 1024 * 1024;

// A text whose first character is `{` or `[` is JSON, everything else YAML. Errors name line and column.
Result<Json> read_document(std::string_view text, boost::json::storage_ptr storage);

}  // namespace poly::training
