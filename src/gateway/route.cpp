#include "gateway/route.hpp"

namespace poly::gateway {

bool Access::allows(const identity::PermissionSet& granted) const {
  if (kind_ != Kind::permission) return true;
  return std::ranges::any_of(permissions_,
                             [&](identity::Permission permission) { return granted.has(permission); });
}

std::string_view Context::query_value(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return "";
}

Json Context::json() const {
  return value_or_throw(parse_json(request.body, "the request body"));
}

}  // namespace poly::gateway
