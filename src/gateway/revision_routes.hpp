// The revisions of a server function: what was deployed, which of them take calls, and back to an older one.
#pragma once

#include "catalog/revisions.hpp"
#include "execution/execution.hpp"
#include "gateway/resource_routes.hpp"
#include "identity/directory.hpp"

namespace poly::gateway {

struct RevisionParts {
  catalog::Catalog& catalog;
  const catalog::RevisionHistory& history;
  runtime::FunctionRuntime& functions;
  execution::Execution& execution;
  const identity::Directory& directory;
  Executor control;
  const Clock& clock;
};

class RevisionRoutes final {
 public:
  RevisionRoutes(RevisionParts parts, const ResourceRoutes& server_functions)
      : parts_(parts), server_functions_(server_functions) {}
  RevisionRoutes(const RevisionRoutes&) = delete;
  RevisionRoutes& operator=(const RevisionRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> list(Context context);
  Task<http::Response> get(Context context);
  Task<http::Response> roll_back(Context context);
  Task<http::Response> divide(Context context);

  Task<http::Response> overview(catalog::ResourcePointer function);
  Task<int> served_before(catalog::ResourcePointer function);
  Task<std::vector<spec::Revision>> kept_revisions(catalog::ResourcePointer function,
                                                   std::vector<spec::TrafficShare> shares);
  Task<http::Response> apply(catalog::ResourcePointer function, spec::ServerFunction next);
  JsonObject describe(const spec::ServerFunction& function, const catalog::RevisionEntry& entry,
                      const std::vector<execution::RevisionOutcomes>& outcomes) const;

  RevisionParts parts_;
  const ResourceRoutes& server_functions_;
};

}  // namespace poly::gateway
