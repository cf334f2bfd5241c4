#include "outbound/redirects.hpp"

#include <algorithm>
#include <array>

namespace poly::outbound {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
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
  if (next.origin != request.url.origin) {
    request.headers = harmless(request.headers);
    request.certificate = nullptr;
  }
  const bool becomes_get =
      status == 303 || ((status == 301 || status == 302) && request.method == http::Method::post);
  if (becomes_get && request.method != http::Method::head) {
    request.method = http::Method::get;
    request.body.clear();
    request.headers.remove("Content-Type");
  }
  request.url = std::move(next);
}

Task<http::ClientResponse> follow(http::Client& client, http::ClientRequest request) {
  for (int followed = 0;; ++followed) {
    auto sending = client.send(request);
    auto response = co_await std::move(sending);
    const auto* location = response.headers.find("location");
    if (!is_redirect(response.status) || !location) co_return response;
    if (followed == redirects_max) {
      throw Failure(ErrorKind::upstream, "the upstream redirected more than 10 times, last to " + *location);
    }
    auto next = resolve_address(request.url, *location);
    if (!next)
      throw Failure(ErrorKind::upstream,
                    "the upstream redirected to '" + *location + "', which is no address");
    turn_to(request, std::move(*next), response.status);
  }
}

}  // namespace

Result<http::Url> resolve_address(const http::Url& from, std::string_view location) {
  if (location.find("://") != std::string_view::npos) return http::parse_url(location);
  if (location.starts_with("//")) {
    return http::parse_url(std::string(http::to_string(from.origin.scheme)) + ":" + std::string(location));
  }
  if (location.starts_with('/')) return http::parse_url(from.origin.text() + std::string(location));
  const auto path = from.path();
  return http::parse_url(from.origin.text() + std::string(path.substr(0, path.rfind('/') + 1)) +
                         std::string(location));
}

Task<http::ClientResponse> send(http::Client& client, http::ClientRequest request, Redirects redirects) {
  if (redirects == Redirects::are_followed) return follow(client, std::move(request));
  return client.send(std::move(request));
}

}  // namespace poly::outbound
