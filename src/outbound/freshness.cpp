#include "outbound/freshness.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/ascii_case.hpp"
#include "outbound/http_date.hpp"

namespace poly::outbound {
namespace {

using std::chrono::milliseconds;

using Directives = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\"");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\"") + 1 - first);
}

Directives cache_control_of(const http::Headers& headers) {
  Directives directives;
  for (const auto& [name, value] : headers) {
    if (!http::same_header_name(name, "Cache-Control")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      const auto directive = rest.substr(0, comma);
      const auto equals = std::min(directive.find('='), directive.size());
      directives.emplace(lower(trimmed(directive.substr(0, equals))),
                         trimmed(directive.substr(std::min(equals + 1, directive.size()))));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return directives;
}

std::optional<std::chrono::seconds> seconds_in(std::string_view text) {
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || seconds < 0) return std::nullopt;
  constexpr std::int64_t longest = 365 * 24 * 3600;
  return std::chrono::seconds(std::min(seconds, longest));
}

milliseconds said_lifetime(const http::Headers& headers, const Directives& directives, Timestamp now) {
  if (directives.contains("no-cache")) return milliseconds(0);
  if (const auto found = directives.find("max-age"); found != directives.end()) {
    const auto lifetime = seconds_in(found->second).value_or(std::chrono::seconds(0));
    const auto age = seconds_in(headers.get("Age")).value_or(std::chrono::seconds(0));
    return std::max(lifetime - age, std::chrono::seconds(0));
  }
  const auto expires = parse_http_date(headers.get("Expires"));
  if (!expires) return milliseconds(0);
  const auto made = parse_http_date(headers.get("Date")).value_or(now);
  return std::max(*expires - made, milliseconds(0));
}

}  // namespace

Freshness freshness_of(const http::ClientResponse& response, const spec::CachePolicy& policy, Timestamp now) {
  const auto& headers = response.headers;
  const auto directives = cache_control_of(headers);
  Freshness freshness;
  if (directives.contains("no-store") || trimmed(headers.get("Vary")) == "*") return freshness;
  if (policy.seconds) {
    freshness.lasts =
        std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(*policy.seconds));
  } else {
    freshness.lasts = said_lifetime(headers, directives, now);
  }
  if (policy.use_etag) {
    freshness.etag = headers.get("ETag");
    freshness.last_modified = headers.get("Last-Modified");
  }
  freshness.may_be_kept =
      freshness.lasts > milliseconds(0) || !freshness.etag.empty() || !freshness.last_modified.empty();
  return freshness;
}

}  // namespace poly::outbound
