// Documents of other systems become API functions (wire.md section 5.5).
#pragma once

#include "base/loop.hpp"
#include "gateway/route_table.hpp"

namespace poly::gateway {

class TrainingRoutes final {
 public:
  explicit TrainingRoutes(BlockingPool& pool) : pool_(pool) {}
  TrainingRoutes(const TrainingRoutes&) = delete;
  TrainingRoutes& operator=(const TrainingRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> read_openapi(Context context);
  Task<http::Response> validate_api_function(Context context);
  Task<http::Response> validate_webhook(Context context);

  BlockingPool& pool_;
};

}  // namespace poly::gateway
