#include "gateway/route_table.hpp"

#include "http/percent.hpp"

namespace poly::gateway {
namespace {

constexpr std::size_t methods = 7;

std::size_t index_of(http::Method method) {
  return static_cast<std::size_t>(method);
}

// Cuts `segment/rest` and gives the segment.
std::string_view take_segment(std::string_view& rest) {
  if (rest.starts_with('/')) rest.remove_prefix(1);
  const auto end = std::min(rest.find('/'), rest.size());
  const auto segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}
bool is_rest(std::string_view segment) {
  return segment.ends_with("...}");
}

}  // namespace

struct RouteTable::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::array<const Route*, methods> routes{};

  bool has_routes() const {
    return std::ranges::any_of(routes, [](const Route* route) { return route != nullptr; });
  }
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;

void RouteTable::add(Route route) {
  auto* node = root_.get();
  std::string_view rest = route.path;
  while (!rest.empty() && rest != "/") {
    const auto segment = take_segment(rest);
    auto& next = is_rest(segment)        ? node->rest
                 : is_parameter(segment) ? node->parameter
                                         : node->literal[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  for (const auto& other : routes_) CHECK(other->operation != route.operation);
  auto& slot = node->routes[index_of(route.method)];
  CHECK(slot == nullptr);
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  slot = routes_.back().get();
}

bool RouteTable::walk(const Node& node, std::string_view rest, std::vector<std::string>& parameters,
                      const Node*& found) const {
  if (rest.empty() || rest == "/") {
    if (!node.has_routes()) return false;
    found = &node;
    return true;
  }
  auto after = rest;
  const auto segment = take_segment(after);
  if (const auto literal = node.literal.find(segment); literal != node.literal.end()) {
    if (walk(*literal->second, after, parameters, found)) return true;
  }
  if (node.parameter && !segment.empty()) {
    parameters.push_back(http::decode_percent(segment));
    if (walk(*node.parameter, after, parameters, found)) return true;
    parameters.pop_back();
  }
  if (node.rest && node.rest->has_routes()) {
    parameters.emplace_back(rest.substr(1));
    found = node.rest.get();
    return true;
  }
  return false;
}

Result<RouteTable::Match> RouteTable::find(http::Method method, std::string_view path) const {
  Match match;
  const Node* node = nullptr;
  if (!walk(*root_, path, match.parameters, node)) {
    return fail(ErrorKind::not_found,
                "Cannot " + std::string(http::to_string(method)) + " " + std::string(path));
  }
  match.route = node->routes[index_of(method)];
  if (match.route) return match;
  std::string allowed;
  for (const auto* route : node->routes) {
    if (route) allowed.append(allowed.empty() ? "" : ", ").append(http::to_string(route->method));
  }
  return fail(ErrorKind::method_not_allowed,
              std::string(path) + " takes " + allowed + ", not " + std::string(http::to_string(method)));
}

}  // namespace poly::gateway
