// Who the key is, and keys for others (wire.md section 2; the paths under /api-keys are ours).
#pragma once

#include "gateway/route_table.hpp"
#include "identity/directory.hpp"

namespace poly::gateway {

class IdentityRoutes final {
 public:
  IdentityRoutes(identity::Directory& directory, Executor control)
      : directory_(directory), control_(control) {}
  IdentityRoutes(const IdentityRoutes&) = delete;
  IdentityRoutes& operator=(const IdentityRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> auth(Context context);
  Task<http::Response> list_keys(Context context);
  Task<http::Response> add_key(Context context);
  Task<http::Response> remove_key(Context context);

  identity::Directory& directory_;
  Executor control_;
};

}  // namespace poly::gateway
