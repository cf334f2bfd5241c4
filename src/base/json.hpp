// JSON values, only at borders and where a tenant's own payload passes through.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace poly {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

inline constexpr std::size_t json_depth_max = 200;

// Parses a whole text. The error names `what` ("request body"), the reason and the offset in bytes.
Result<Json> parse_json(std::string_view text, std::string_view what,
                        boost::json::storage_ptr storage = {});

std::string to_text(const Json& value);
std::string to_text(const JsonObject& value);
std::string to_pretty_text(const Json& value);  // two spaces of indent, for people

// `"…"` with everything escaped that JSON wants escaped.
void append_quoted(std::string& out, std::string_view text);

// Member `key` of an object, or nothing when `value` is no object or lacks it.
const Json* find(const Json& value, std::string_view key);
// The text of member `key`, or "" when it is missing or no string.
std::string_view text_of(const JsonObject& object, std::string_view key);

}  // namespace poly
