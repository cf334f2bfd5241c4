#include "outbound/api_caller.hpp"

#include <algorithm>
#include <array>

#include "outbound/envelope.hpp"

namespace poly::outbound {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The address that `location` names, seen from `from` (RFC 9110, section 10.2.2): absolute, or a path on the
// same host.
Result<http::Url> resolve(const http::Url& from, std::string_view location) {
  if (location.find("://") != std::string_view::npos) return http::parse_url(location);
  if (location.starts_with("//")) {
    return http::parse_url(std::string(http::to_string(from.origin.scheme)) + ":" + std::string(location));
  }
  if (location.starts_with('/')) return http::parse_url(from.origin.text() + std::string(location));
  const auto path = from.path();
  return http::parse_url(from.origin.text() + std::string(path.substr(0, path.rfind('/') + 1)) +
                         std::string(location));
}

// Headers that tell another origin nothing it should not know. Any other may hold a credential.
constexpr auto harmless_headers =
    std::to_array<std::string_view>({"Accept", "Accept-Language", "Content-Type", "User-Agent"});

http::Headers harmless(const http::Headers& headers) {
  http::Headers kept;
  for (const auto& [name, value] : headers) {
    const auto same = [&](std::string_view known) { return http::same_header_name(known, name); };
    if (std::ranges::any_of(harmless_headers, same)) kept.add(name, value);
  }
  return kept;
}

// Changes `request` to what a client sends next.
void turn_to(http::ClientRequest& request, http::Url next, int status) {
  if (next.origin != request.url.origin) request.headers = harmless(request.headers);
  const bool becomes_get =
      status == 303 || ((status == 301 || status == 302) && request.method == http::Method::post);
  if (becomes_get && request.method != http::Method::head) {
    request.method = http::Method::get;
    request.body.clear();
    request.headers.remove("Content-Type");
  }
  request.url = std::move(next);
}

}  // namespace

std::shared_ptr<const RequestPlan> ApiCaller::plan_for(const catalog::Resource& function) {
  auto& planned = plans_[function.id];
  if (!planned.plan || planned.version != function.version) {
    planned = {function.version, std::make_shared<const RequestPlan>(function.as<spec::ApiFunction>())};
  }
  return planned.plan;
}

Task<ApiAnswer> ApiCaller::call(catalog::ResourcePointer function,
                                std::shared_ptr<const JsonObject> arguments) {
  const auto plan = plan_for(*function);
  auto request = plan->render(Arguments(*arguments));
  request.connect_timeout = settings_.connect_timeout;
  request.total_timeout = settings_.total_timeout;
  request.response_bytes_max = settings_.response_bytes_max;
  for (int redirects = 0;; ++redirects) {
    auto sending = client_.send(plan->follows_redirects() ? request : std::move(request));
    const auto response = co_await std::move(sending);
    const auto* location = response.headers.find("location");
    if (!plan->follows_redirects() || !is_redirect(response.status) || !location) {
      co_return ApiAnswer{response.status, envelope_of(response), response.timings};
    }
    if (redirects == redirects_max) {
      throw Failure(ErrorKind::upstream, "the upstream redirected more than 10 times, last to " + *location);
    }
    auto next = resolve(request.url, *location);
    if (!next)
      throw Failure(ErrorKind::upstream,
                    "the upstream redirected to '" + *location + "', which is no address");
    turn_to(request, std::move(*next), response.status);
  }
}

}  // namespace poly::outbound
