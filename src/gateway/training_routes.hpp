// Descriptions of other systems become API functions (wire.md section 5.5).
#pragma once

#include "base/loop.hpp"
#include "catalog/catalog.hpp"
#include "gateway/route_table.hpp"
#include "runtime/description_reader.hpp"
#include "training/open_api.hpp"

namespace poly::gateway {

class TrainingRoutes final {
 public:
  // `reader` lives on the control loop.
  TrainingRoutes(catalog::Catalog& catalog, BlockingPool& pool, runtime::DescriptionReader& reader,
                 Executor control)
      : catalog_(catalog), pool_(pool), reader_(reader), control_(control) {}
  TrainingRoutes(const TrainingRoutes&) = delete;
  TrainingRoutes& operator=(const TrainingRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> read_openapi(Context context);
  Task<http::Response> read_description(Context context, runtime::DescriptionKind kind);
  Task<http::Response> infer_types(Context context);
  Task<http::Response> train_model(Context context);
  Task<http::Response> validate_api_function(Context context);
  Task<http::Response> validate_webhook(Context context);

  // What the reader makes of it, and training of that.
  Task<http::Response> train(runtime::Description description, training::OpenApiOptions options);

  catalog::Catalog& catalog_;
  BlockingPool& pool_;
  runtime::DescriptionReader& reader_;
  Executor control_;
};

}  // namespace poly::gateway
