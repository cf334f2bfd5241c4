// What happened: executions, and what functions logged (wire.md section 9).
#pragma once

#include "gateway/resource_routes.hpp"
#include "identity/directory.hpp"
#include "journal/journal.hpp"

namespace poly::gateway {

class JournalRoutes final {
 public:
  JournalRoutes(journal::Journal& journal, catalog::Catalog& catalog, const identity::Directory& directory,
                const ResourceRoutes& server_functions, const Clock& clock)
      : journal_(journal),
        catalog_(catalog),
        directory_(directory),
        server_functions_(server_functions),
        clock_(clock) {}
  JournalRoutes(const JournalRoutes&) = delete;
  JournalRoutes& operator=(const JournalRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> function_logs(Context context);
  Task<http::Response> delete_function_logs(Context context);
  Task<http::Response> executions(Context context);
  Task<http::Response> execution(Context context);
  Task<http::Response> execution_logs(Context context);
  std::optional<Timestamp> since(const Context& context) const;
  // The lines there are and, until the reader goes away, those that come.
  Task<http::Response> follow(journal::LogFilter filter);

  journal::Journal& journal_;
  catalog::Catalog& catalog_;
  const identity::Directory& directory_;
  const ResourceRoutes& server_functions_;
  const Clock& clock_;
};

}  // namespace poly::gateway
