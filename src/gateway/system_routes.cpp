#include "gateway/system_routes.hpp"

#include "gateway/openapi.hpp"
#include "gateway/reply.hpp"
#include "gateway/route_adder.hpp"

namespace poly::gateway {
namespace {

Task<http::Response> say_not_built(std::string what) {
  throw Failure(ErrorKind::not_built, what + " are not built yet");
  co_return http::Response();
}

}  // namespace

SystemRoutes::SystemRoutes(std::string version, const journal::Metrics& metrics,
                           std::function<std::vector<HealthCheck>()> checks)
    : version_(std::move(version)), metrics_(metrics), checks_(std::move(checks)) {}

void SystemRoutes::add_to(RouteTable& routes) {
  const RouteAdder add(routes, *this, Access::open());
  using http::Method;
  add(Method::get, "/health/ready", "getReadiness", "Whether requests are taken, with the state of each part",
      &SystemRoutes::ready);
  add(Method::get, "/health/live", "getLiveness", "Whether the process answers", &SystemRoutes::live);
  add(Method::get, "/metrics", "getMetrics", "Numbers in Prometheus text format", &SystemRoutes::metrics);
  add(Method::get, "/openapi.json", "getOpenApi", "This description", &SystemRoutes::openapi);
  openapi_ = openapi_document(routes, version_);
}

Task<http::Response> SystemRoutes::ready(Context) {
  const auto checks = checks_();
  const bool in_order = ready_ && std::ranges::all_of(checks, &HealthCheck::ok);
  const auto status = !ready_ ? "stopping" : in_order ? "ok" : "degraded";
  // A missing part does not make the rest unusable: only a server that stops refuses.
  co_return json_reply(JsonObject{{"status", status}, {"version", version_}, {"checks", encode(checks)}},
                       ready_ ? 200 : 503);
}

Task<http::Response> SystemRoutes::live(Context) {
  co_return json_reply(JsonObject{{"status", "ok"}});
}

Task<http::Response> SystemRoutes::metrics(Context) {
  http::Response response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = metrics_.render();
  co_return response;
}

Task<http::Response> SystemRoutes::openapi(Context) {
  co_return json_text_reply(openapi_);
}

void add_not_built_routes(RouteTable& routes) {
  const auto add = [&](http::Method method, std::string path, std::string operation, std::string what) {
    routes.add({.method = method,
                .path = std::move(path),
                .access = Access::any_key(),
                .operation = std::move(operation),
                .summary = "Not built yet: answers 501",
                .handle = [what](Context) { return say_not_built(what); },
                .success_status = 501});
  };
  using http::Method;
  const auto add_collection = [&](const std::string& path, const std::string& noun, const std::string& what) {
    add(Method::get, path, "list" + noun, what);
    add(Method::post, path, "create" + noun, what);
    add(Method::get, path + "/{rest...}", "get" + noun, what);
    add(Method::post, path + "/{rest...}", "use" + noun, what);
    add(Method::patch, path + "/{rest...}", "update" + noun, what);
    add(Method::delete_, path + "/{rest...}", "delete" + noun, what);
  };
  add_collection("/tables", "Tables", "tables");
  add_collection("/functions/ai", "AiFunctions", "AI functions");
  add_collection("/subscriptions/graphql", "GraphqlSubscriptions", "GraphQL subscriptions");
  add_collection("/applications", "Applications", "applications");
  add_collection("/saved-requests", "SavedRequests", "saved requests");
  add_collection("/auth-providers", "AuthProviders", "OAuth providers");
  add(Method::post, "/functions/api/replicate", "replicateApiFunctions", "replications");
  add(Method::post, "/functions/api/description-generation", "describeApiFunction", "generated descriptions");
  add(Method::post, "/functions/server/description-generation", "describeServerFunction",
      "generated descriptions");
  add(Method::post, "/functions/client/description-generation", "describeClientFunction",
      "generated descriptions");
  add(Method::post, "/webhooks/description-generation", "describeWebhook", "generated descriptions");
  add(Method::post, "/functions/rendered-specs", "saveRenderedSpec", "rendered specifications");
  add(Method::get, "/functions/server/{id}/system-logs", "getSystemLogs", "system logs");
}

}  // namespace poly::gateway
