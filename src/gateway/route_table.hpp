// All routes, found by method and path.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/route.hpp"

namespace poly::gateway {

class RouteTable final {
 public:
  RouteTable();
  ~RouteTable();
  RouteTable(const RouteTable&) = delete;
  RouteTable& operator=(const RouteTable&) = delete;

  // CHECKs that method and path are new, and the operation's name too.
  void add(Route route);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
  };
  // not_found when no route has the path; method_not_allowed, naming the methods there are, when only the
  // method is wrong. A literal segment wins over one in braces.
  Result<Match> find(http::Method method, std::string_view path) const;

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  bool walk(const Node& node, std::string_view rest, std::vector<std::string>& parameters,
            const Node*& found) const;

  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace poly::gateway
