// Health, metrics, the OpenAPI document, and the parts of the protocol that are not built.
#pragma once

#include <atomic>
#include <functional>

#include "gateway/route_table.hpp"
#include "journal/metrics.hpp"

namespace poly::gateway {

// One thing that has to be in order.
struct HealthCheck {
  std::string name;
  bool ok = true;
  std::string message;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.required("ok", self.ok);
    field.required("message", self.message);
  }
};

class SystemRoutes final {
 public:
  SystemRoutes(std::string version, const journal::Metrics& metrics,
               std::function<std::vector<HealthCheck>()> checks);
  SystemRoutes(const SystemRoutes&) = delete;
  SystemRoutes& operator=(const SystemRoutes&) = delete;

  // After all other routes: the OpenAPI document describes what is in the table then.
  void add_to(RouteTable& routes);

  // From now on the server is not ready: it drains.
  void stop_being_ready() { ready_ = false; }

 private:
  Task<http::Response> ready(Context context);
  Task<http::Response> live(Context context);
  Task<http::Response> metrics(Context context);
  Task<http::Response> openapi(Context context);

  std::string version_;
  const journal::Metrics& metrics_;
  std::function<std::vector<HealthCheck>()> checks_;
  std::atomic<bool> ready_ = true;
  std::string openapi_;
};

// Routes of the protocol that answer 501 and say so.
void add_not_built_routes(RouteTable& routes);

}  // namespace poly::gateway
