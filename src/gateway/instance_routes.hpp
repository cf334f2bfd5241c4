// What runs of a server function at the moment, and why so much of it.
#pragma once

#include "gateway/resource_routes.hpp"
#include "runtime/function_runtime.hpp"

namespace poly::gateway {

class InstanceRoutes final {
 public:
  InstanceRoutes(runtime::FunctionRuntime& runtime, const ResourceRoutes& server_functions)
      : runtime_(runtime), server_functions_(server_functions) {}
  InstanceRoutes(const InstanceRoutes&) = delete;
  InstanceRoutes& operator=(const InstanceRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> instances(Context context);

  runtime::FunctionRuntime& runtime_;
  const ResourceRoutes& server_functions_;
};

}  // namespace poly::gateway
