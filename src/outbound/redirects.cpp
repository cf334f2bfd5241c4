#include "outbound/redirects.hpp"

#include <algorithm>
#include <array>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "http/percent.hpp"

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
  const auto scheme = location.find("://");
  if (scheme != std::string_view::npos && location.find_first_of("/?#") > scheme)
    return http::parse_url(location);
  const auto here = from.text();
  const auto written = http::encode_stray(location.substr(0, location.find('#')));
  const auto base = boost::urls::parse_uri(here);
  const auto reference = boost::urls::parse_relative_ref(written);
  boost::urls::url found;
  if (!base || !reference || !boost::urls::resolve(*base, *reference, found))
    return fail(ErrorKind::bad_request, "'" + std::string(location) + "' is no address");
  return http::parse_url(std::string_view(found.buffer()));
}

Task<http::ClientResponse> send(http::Client& client, http::ClientRequest request, Redirects redirects) {
  if (redirects == Redirects::are_followed) return follow(client, std::move(request));
  return client.send(std::move(request));
}

}  // namespace poly::outbound
