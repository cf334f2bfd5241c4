#include "http/url.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "http/percent.hpp"

namespace poly::http {
namespace {

std::unexpected<Error> wrong(std::string_view text, std::string_view reason) {
  // What precedes '@' may be a password: it stays out of the message.
  const auto authority = text.find("://");
  const auto end = authority == std::string_view::npos ? 0 : text.find_first_of("/?#", authority + 3);
  const auto at = text.substr(0, end).rfind('@');
  std::string shown = at == std::string_view::npos ? std::string(text) : "…" + std::string(text.substr(at));
  return fail(ErrorKind::bad_request, "URL '" + shown + "': " + std::string(reason));
}

// Path, query and fragment start here.
std::size_t end_of_authority(std::string_view text) {
  const auto mark = text.find("://");
  if (mark == std::string_view::npos) return text.size();
  return std::min(text.find_first_of("/?#", mark + 3), text.size());
}

}  // namespace

std::string_view to_string(Scheme scheme) {
  return scheme == Scheme::http ? "http" : "https";
}

std::uint16_t default_port(Scheme scheme) {
  return scheme == Scheme::http ? 80 : 443;
}

std::string Origin::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(scheme)) out.append(":").append(std::to_string(port));
  return out;
}

std::string Origin::text() const {
  return std::string(to_string(scheme)) + "://" + authority();
}

Result<Url> parse_url(std::string_view text) {
  const auto split = end_of_authority(text);
  const auto rest = text.substr(split, text.find('#', split) - split);
  const std::string strict = std::string(text.substr(0, split)) + encode_stray(rest);
  const auto parsed = boost::urls::parse_uri(strict);
  // Boost.URL 1.81 takes `http://h:x/` as host `h` and path `x/`; here the authority is what precedes the
  // path.
  const bool whole = parsed && parsed->scheme().size() + 3 + parsed->encoded_authority().size() == split;
  if (!whole) return wrong(text, "not an absolute URL such as https://example.com/path");
  if (parsed->scheme_id() != boost::urls::scheme::http && parsed->scheme_id() != boost::urls::scheme::https) {
    return wrong(text, "the scheme is neither http nor https");
  }
  if (parsed->has_userinfo())
    return wrong(text, "credentials belong into a header or an auth setting, not into the URL");

  Url url;
  url.origin.scheme = parsed->scheme_id() == boost::urls::scheme::https ? Scheme::https : Scheme::http;
  url.origin.host = parsed->host_type() == boost::urls::host_type::ipv6 ? std::string(parsed->host_address())
                                                                        : std::string(parsed->host());
  for (auto& c : url.origin.host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) {
      return wrong(text, "the host has characters that no host name has");
    }
  }
  if (url.origin.host.empty()) return wrong(text, "the host is missing");
  url.origin.port = default_port(url.origin.scheme);
  if (parsed->has_port() && !parsed->port().empty()) {
    if (parsed->port_number() == 0) return wrong(text, "the port is not between 1 and 65535");
    url.origin.port = parsed->port_number();
  }
  url.target = parsed->encoded_target();
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

}  // namespace poly::http
