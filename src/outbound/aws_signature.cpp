#include "outbound/aws_signature.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include <sodium.h>

#include "base/ascii_case.hpp"
#include "base/sha256.hpp"
#include "http/percent.hpp"

namespace poly::outbound {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view s3 = "s3";
constexpr std::string_view amz_date = "X-Amz-Date";
constexpr std::string_view amz_token = "X-Amz-Security-Token";
constexpr std::string_view amz_content_hash = "X-Amz-Content-Sha256";

// The client writes them itself, or whoever stands in between may change them.
constexpr auto unsigned_headers =
    std::to_array<std::string_view>({"authorization", "connection", "content-length", "expect", "keep-alive",
                                     "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id"});

using Mac = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

Mac hmac(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  Mac mac;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return mac;
}

std::string hex(const Mac& mac) {
  std::string text(2 * mac.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), mac.data(), mac.size());
  text.pop_back();
  return text;
}

Mac hmac(const Mac& key, std::string_view text) {
  return hmac(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), text);
}

// Everything but letters, digits and -._~ in escapes of upper case.
std::string encode_strictly(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").contains(c);
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return out;
}

// Each step of a path through `change`.
template <class Change>
std::string by_segment(std::string_view path, Change change) {
  std::string out;
  while (true) {
    const auto slash = std::min(path.find('/'), path.size());
    out += change(path.substr(0, slash));
    if (slash == path.size()) return out;
    out.push_back('/');
    path.remove_prefix(slash + 1);
  }
}

std::string encode_again(std::string_view text) {
  return encode_strictly(http::decode_percent(text));
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// In the order in which they stand, each half in strict encoding.
Pairs query_of(std::string_view target) {
  Pairs pairs;
  const auto mark = target.find('?');
  auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) {
      pairs.emplace_back(encode_again(pair.substr(0, equals)),
                         encode_again(pair.substr(std::min(equals + 1, pair.size()))));
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return pairs;
}

std::string joined(const Pairs& pairs) {
  std::string out;
  for (const auto& [key, value] : pairs) {
    if (!out.empty()) out.push_back('&');
    out.append(key).append("=").append(value);
  }
  return out;
}

// Spaces around it gone, and those inside as one.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out.push_back(c);
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::map<std::string, std::string> signed_headers_of(const http::ClientRequest& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    auto key = lower(name);
    if (std::ranges::find(unsigned_headers, key) != unsigned_headers.end()) continue;
    auto& text = headers[std::move(key)];
    text.append(text.empty() ? "" : ",").append(trimmed(value));
  }
  headers.try_emplace("host", request.url.origin.authority());
  return headers;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

// `20150830T123600Z`.
std::string compact(Timestamp time) {
  auto text = to_iso(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text.substr(0, text.find('.')) + "Z";
}

void write_canonically(http::Url& url) {
  auto target = by_segment(url.path(), encode_again);
  if (const auto query = joined(query_of(url.target)); !query.empty()) target.append("?").append(query);
  url.target = std::move(target);
}

}  // namespace

std::string aws_canonical_request(const http::ClientRequest& request, std::string_view service,
                                  std::string_view payload_hash) {
  std::string text(to_string(request.method));
  // S3 alone takes the path as it is sent.
  const auto path = request.url.path();
  text.append("\n").append(service == s3 ? std::string(path) : by_segment(path, encode_strictly));
  auto query = query_of(request.url.target);
  std::ranges::sort(query);
  text.append("\n").append(joined(query)).append("\n");
  const auto headers = signed_headers_of(request);
  for (const auto& [name, value] : headers) text.append(name).append(":").append(value).append("\n");
  return text.append("\n").append(names_of(headers)).append("\n").append(payload_hash);
}

void sign_for_aws(http::ClientRequest& request, const spec::AwsSettings& settings, Timestamp now) {
  write_canonically(request.url);
  const auto time = compact(now);
  const auto date = std::string_view(time).substr(0, 8);
  const auto payload_hash = sha256_hex(request.body);
  request.headers.set(amz_date, time);
  if (!settings.session_token.empty()) request.headers.set(amz_token, settings.session_token);
  if (settings.service == s3) request.headers.set(amz_content_hash, payload_hash);

  std::string scope(date);
  scope.append("/").append(settings.region).append("/").append(settings.service).append("/aws4_request");
  std::string to_sign(algorithm);
  to_sign.append("\n").append(time).append("\n").append(scope).append("\n");
  to_sign += sha256_hex(aws_canonical_request(request, settings.service, payload_hash));

  const auto key_of_day = hmac("AWS4" + settings.secret_key, date);
  const auto key_of_region = hmac(key_of_day, settings.region);
  const auto key_of_service = hmac(key_of_region, settings.service);
  const auto key = hmac(key_of_service, "aws4_request");
  std::string proof(algorithm);
  proof.append(" Credential=").append(settings.access_key).append("/").append(scope);
  proof.append(", SignedHeaders=").append(names_of(signed_headers_of(request)));
  proof.append(", Signature=").append(hex(hmac(key, to_sign)));
  request.headers.set("Authorization", std::move(proof));
}

}  // namespace poly::outbound
