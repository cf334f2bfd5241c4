// Variables: their values go in sealed and come out only where they may (wire.md section 6).
#pragma once

#include "gateway/resource_routes.hpp"
#include "vault/vault.hpp"

namespace poly::gateway {

class VariableRoutes final {
 public:
  VariableRoutes(catalog::Catalog& catalog, vault::Vault& vault, Executor control, IdSource& ids);
  VariableRoutes(const VariableRoutes&) = delete;
  VariableRoutes& operator=(const VariableRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<catalog::Draft> decode(Context context, catalog::ResourcePointer current);
  Task<http::Response> value(Context context);
  Task<http::Response> values_below(Context context);
  void add_value(JsonObject& detail, const catalog::Resource& resource) const;
  ResourceDescription describe();

  catalog::Catalog& catalog_;
  vault::Vault& vault_;
  IdSource& ids_;
  ResourceRoutes resources_;
};

}  // namespace poly::gateway
