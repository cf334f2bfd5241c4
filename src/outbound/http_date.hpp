// Dates in HTTP headers (RFC 9110, section 5.6.7).
#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace poly::outbound {

// The preferred form, and the two old ones. Nothing for any other text.
std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace poly::outbound
