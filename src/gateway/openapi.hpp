// The OpenAPI 3.1 document of the whole API, from the route table.
#pragma once

#include <string>

#include "gateway/route_table.hpp"

namespace poly::gateway {

std::string openapi_document(const RouteTable& routes, std::string_view version);

}  // namespace poly::gateway
