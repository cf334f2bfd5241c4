// The gateway: one table of routes, and what happens around each of them. Handlers decode, make one call,
// encode.
#pragma once

#include "gateway/route_table.hpp"
#include "http/handler.hpp"
#include "identity/directory.hpp"
#include "journal/metrics.hpp"

namespace poly::gateway {

// Serves all loops: holds nothing that a request changes.
class Gateway final : public http::Handler {
 public:
  Gateway(const RouteTable& routes, const identity::Directory& directory, journal::Metrics& metrics,
          const Clock& clock);

  std::variant<http::Admitted, http::Response> admit(const http::Request& request) override;
  Task<http::Response> handle(http::Request request, http::Admitted admitted) override;

 private:
  struct RouteMetrics {
    journal::Counter* by_class[6];  // answers by status / 100
    journal::Histogram* duration;
  };

  struct Found;  // the route and the caller of a request

  identity::IdentityPointer identify(const http::Request& request) const;
  void require_access(const Route& route, const identity::IdentityPointer& identity) const;
  Task<http::Response> answer(http::Request request, std::unique_ptr<http::Findings> findings);
  void count(const Route* route, int status, std::chrono::nanoseconds duration);

  const RouteTable& routes_;
  const identity::Directory& directory_;
  const Clock& clock_;
  std::unordered_map<const Route*, RouteMetrics> metrics_;
};

}  // namespace poly::gateway
