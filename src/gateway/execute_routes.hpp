// Running functions over HTTP (wire.md section 4).
#pragma once

#include "execution/execution.hpp"
#include "gateway/resource_routes.hpp"

namespace poly::gateway {

class ExecuteRoutes final {
 public:
  ExecuteRoutes(execution::Execution& execution, catalog::Catalog& catalog,
                const ResourceRoutes& api_functions, const ResourceRoutes& server_functions)
      : execution_(execution),
        catalog_(catalog),
        api_functions_(api_functions),
        server_functions_(server_functions) {}
  ExecuteRoutes(const ExecuteRoutes&) = delete;
  ExecuteRoutes& operator=(const ExecuteRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> execute(Context context, const ResourceRoutes& kind);
  Task<http::Response> direct_execute(Context context);
  Task<http::Response> any_function(Context context);

  execution::Execution& execution_;
  catalog::Catalog& catalog_;
  const ResourceRoutes& api_functions_;
  const ResourceRoutes& server_functions_;
};

}  // namespace poly::gateway
