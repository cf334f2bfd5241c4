// What a Content-Type header says (RFC 9110, section 8.3).
#pragma once

#include <string>
#include <string_view>

namespace poly::http {

// `application/json` of `Application/JSON; charset=utf-8`: lower case, without parameters.
std::string media_type(std::string_view content_type);

// application/json, text/json and every `+json`.
bool is_json(std::string_view content_type);
// application/x-www-form-urlencoded.
bool is_form(std::string_view content_type);

// The value of a parameter ("charset", "boundary"), without its quotes; "" when it is not there.
std::string parameter_of(std::string_view content_type, std::string_view name);

}  // namespace poly::http
