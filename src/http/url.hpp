// Where an outgoing request goes.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace poly::http {

enum class Scheme { http, https };

std::string_view to_string(Scheme scheme);
std::uint16_t default_port(Scheme scheme);

// Scheme, host and port: what one kept-alive connection serves.
struct Origin {
  Scheme scheme = Scheme::http;
  std::string host;  // lower case name or address; an IPv6 address without brackets
  std::uint16_t port = 80;

  // `example.com`, `example.com:8080`, `[::1]:8080`: what the Host header says.
  std::string authority() const;
  std::string text() const;  // `http://example.com:8080`
  auto operator<=>(const Origin&) const = default;
};

struct Url {
  Origin origin;
  std::string target = "/";  // path and, after '?', the query; percent-encoded

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string text() const { return origin.text() + target; }
  bool operator==(const Url&) const = default;
};

// Absolute http and https URLs (RFC 3986). Characters that people write and the standard wants encoded
// (spaces, brackets, letters beyond ASCII) are encoded in path and query; a fragment is dropped; credentials
// are refused.
Result<Url> parse_url(std::string_view text);

}  // namespace poly::http
