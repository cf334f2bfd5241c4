// The answer of an API function: `{"status":200,"data":…,"headers":{…}}` (wire.md section 4.1).
#pragma once

#include <string>

#include "http/client.hpp"

namespace poly::outbound {

// `data` is the body: JSON as it came when it is valid JSON under a JSON content type (or none), null when
// there is none, text as a string, and bytes that are no UTF-8 text as base64. Header names are lower case; a
// header that came more than once is joined by ", ".
std::string envelope_of(const http::ClientResponse& response);

}  // namespace poly::outbound
