// GET /specs: everything a key can see, for generating SDKs.
#pragma once

#include "catalog/catalog.hpp"
#include "gateway/route_table.hpp"
#include "vault/vault.hpp"

namespace poly::gateway {

class SpecRoutes final {
 public:
  SpecRoutes(catalog::Catalog& catalog, const vault::Vault& vault) : catalog_(catalog), vault_(vault) {}
  SpecRoutes(const SpecRoutes&) = delete;
  SpecRoutes& operator=(const SpecRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> specs(Context context);

  catalog::Catalog& catalog_;
  const vault::Vault& vault_;
};

}  // namespace poly::gateway
