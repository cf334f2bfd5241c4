#include "gateway/gateway.hpp"

#include "base/log.hpp"
#include "execution/execution.hpp"
#include "gateway/execution_headers.hpp"
#include "gateway/reply.hpp"
#include "http/percent.hpp"

namespace poly::gateway {
namespace {

constexpr std::string_view version_header = "x-poly-api-version";

std::string_view key_of(const http::Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.headers.get("authorization");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view();
}

// Clients send "1", "2", or an empty value that means 1.
ApiVersion version_of(const http::Request& request) {
  return request.headers.get(version_header) == "2" ? ApiVersion::v2 : ApiVersion::v1;
}

// Why a request was admitted without a route.
Error no_route(const RouteTable& routes, const http::Request& request) {
  auto match = routes.find(request.method, request.path());
  CHECK(!match);
  return std::move(match).error();
}

}  // namespace

struct Gateway::Found final : http::Findings {
  Found(RouteTable::Match its_match, identity::IdentityPointer caller)
      : match(std::move(its_match)), identity(std::move(caller)) {}

  RouteTable::Match match;
  identity::IdentityPointer identity;
};

Gateway::Gateway(const RouteTable& routes, const identity::Directory& directory, journal::Metrics& metrics,
                 const Clock& clock)
    : routes_(routes), directory_(directory), clock_(clock) {
  const auto measure = [&](const Route* route, const std::string& operation) {
    auto& entry = metrics_[route];
    for (int hundreds = 1; hundreds <= 5; ++hundreds) {
      entry.by_class[hundreds] =
          &metrics.counter("openpoly_http_requests_total", "HTTP requests answered",
                           {{"route", operation}, {"status", std::to_string(hundreds) + "xx"}});
    }
    entry.duration = &metrics.histogram("openpoly_http_request_duration_milliseconds",
                                        "From the whole request to its answer", {{"route", operation}});
  };
  for (const auto& route : routes.routes()) measure(route.get(), route->operation);
  measure(nullptr, "none");
}

identity::IdentityPointer Gateway::identify(const http::Request& request) const {
  const auto key = key_of(request);
  return key.empty() ? nullptr : directory_.find(key);
}

void Gateway::require_access(const Route& route, const identity::IdentityPointer& identity) const {
  if (!route.access.needs_key()) return;
  if (!identity && route.handle_without_key) return;
  if (!identity) throw Failure(ErrorKind::unauthorized, "Unauthorized");
  if (route.access.allows(identity->key.permissions)) return;
  std::string names;
  for (const auto permission : route.access.permissions())
    names.append(names.empty() ? "" : " or ").append(word_of(permission));
  throw Failure(ErrorKind::forbidden, "this API key has no permission " + names);
}

// Whoever may not call a route does not get to send its body either.
std::variant<http::Admitted, http::Response> Gateway::admit(const http::Request& request) {
  auto match = routes_.find(request.method, request.path());
  if (!match) return http::Admitted{0};  // handle() says what is wrong
  const auto* route = match->route;
  auto identity = identify(request);
  try {
    require_access(*route, identity);
  } catch (const Failure& failure) {
    auto refused = error_reply(failure.error());
    count(route, refused.status, std::chrono::nanoseconds(0));
    return refused;
  }
  return http::Admitted{route->body_bytes_max,
                        std::make_unique<Found>(std::move(*match), std::move(identity))};
}

Task<http::Response> Gateway::handle(http::Request request, http::Admitted admitted) {
  const auto began = clock_.instant();
  const auto version = version_of(request);
  const auto* found = static_cast<const Found*>(admitted.findings.get());
  const auto* route = found ? found->match.route : nullptr;
  http::Response response;
  try {
    auto answering = answer(std::move(request), std::move(admitted.findings));
    response = co_await std::move(answering);
  } catch (const execution::RunFailure& failure) {
    response = error_reply(failure.error(), failure.status());
    add_execution_headers(response, failure.id(), failure.duration());
  } catch (const runtime::FunctionFailure& failure) {
    response = error_reply(failure.error(), failure.status());
  } catch (...) {
    const auto error = error_of(std::current_exception());
    if (error.kind == ErrorKind::internal) {
      log(LogLevel::error, "a request failed",
          {{"route", route ? route->operation : "none"}, {"error", error.message}});
    }
    response = error_reply(error);
  }
  if (version == ApiVersion::v2) response.headers.add(std::string(version_header), "2");
  count(route, response.status, clock_.instant() - began);
  co_return response;
}

Task<http::Response> Gateway::answer(http::Request request, std::unique_ptr<http::Findings> findings) {
  if (!findings) throw Failure(no_route(routes_, request));
  auto& found = static_cast<Found&>(*findings);
  const auto* route = found.match.route;
  Context context;
  context.identity = std::move(found.identity);
  context.parameters = std::move(found.match.parameters);
  context.query = http::parse_query(request.query());
  context.version = version_of(request);
  context.request = std::move(request);
  const bool without_key = !context.identity && route->handle_without_key;
  auto handling =
      without_key ? route->handle_without_key(std::move(context)) : route->handle(std::move(context));
  co_return co_await std::move(handling);
}

void Gateway::count(const Route* route, int status, std::chrono::nanoseconds duration) {
  const auto& entry = metrics_.at(route);
  entry.by_class[std::clamp(status / 100, 1, 5)]->add();
  entry.duration->observe(duration);
}

}  // namespace poly::gateway
