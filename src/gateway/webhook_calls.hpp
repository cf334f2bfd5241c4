// Calls of webhooks by others: `/webhooks/{id or slug}` and what lies below (wire.md section 8.1).
#pragma once

#include "catalog/catalog.hpp"
#include "events/events.hpp"
#include "gateway/route_table.hpp"

namespace poly::gateway {

class WebhookCalls final {
 public:
  WebhookCalls(catalog::Catalog& catalog, events::Events& events) : catalog_(catalog), events_(events) {}
  WebhookCalls(const WebhookCalls&) = delete;
  WebhookCalls& operator=(const WebhookCalls&) = delete;

  // Everything but GET, PATCH and DELETE of `/webhooks/{id}` itself, which are also how webhooks are managed.
  void add_to(RouteTable& routes);

  Task<http::Response> call(Context context);

 private:
  catalog::ResourcePointer find(std::string_view id_or_slug) const;

  catalog::Catalog& catalog_;
  events::Events& events_;
};

}  // namespace poly::gateway
