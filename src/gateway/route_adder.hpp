// Puts member functions of one class of routes into the table, under one permission.
#pragma once

#include <string>
#include <utility>

#include "gateway/route_table.hpp"

namespace poly::gateway {

template <class Routes>
class RouteAdder final {
 public:
  using Handler = Task<http::Response> (Routes::*)(Context);

  // Both outlive the table's use.
  RouteAdder(RouteTable& table, Routes& routes, Access access)
      : table_(table), routes_(routes), access_(std::move(access)) {}

  void operator()(http::Method method, std::string path, std::string operation, std::string summary,
                  Handler handler, int success_status = 200) const {
    add({.method = method,
         .path = std::move(path),
         .operation = std::move(operation),
         .summary = std::move(summary),
         .success_status = success_status},
        handler);
  }

  // For a route that says more of itself.
  void add(Route route, Handler handler) const {
    route.access = access_;
    route.handle = [&routes = routes_, handler](Context context) {
      return (routes.*handler)(std::move(context));
    };
    table_.add(std::move(route));
  }

 private:
  RouteTable& table_;
  Routes& routes_;
  Access access_;
};

}  // namespace poly::gateway
