#include "outbound/token_request.hpp"

#include <algorithm>
#include <charconv>

#include "base/ascii_case.hpp"
#include "base/base64.hpp"
#include "base/json.hpp"
#include "http/percent.hpp"
#include "outbound/jwt_assertion.hpp"

namespace poly::outbound {
namespace {

namespace oauth = spec::oauth;

constexpr std::string_view jwt_grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view jwt_client = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::string_view default_algorithm = "RS256";
constexpr std::chrono::seconds assertion_lifetime_default{300};
constexpr int assertion_lifetime_seconds_max = 3'600;
constexpr std::size_t error_word_length_max = 64;

class Form final {
 public:
  void add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    text_.append(text_.empty() ? "" : "&").append(key).append("=").append(http::encode_query_part(value));
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

[[noreturn]] void refuse(std::string_view field, std::string_view reason) {
  throw Failure(ErrorKind::bad_request, std::string(field) + ": " + std::string(reason));
}

std::chrono::seconds lifetime_of(const spec::OAuthSettings& settings) {
  const auto& text = settings.lifetime_seconds;
  if (text.empty()) return assertion_lifetime_default;
  int seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || seconds < 1 || seconds > assertion_lifetime_seconds_max)
    refuse("lifetimeSeconds", "must be a whole number from 1 to 3600");
  return std::chrono::seconds(seconds);
}

std::string assertion_of(const spec::OAuthSettings& settings, AssertionClaims claims, Timestamp now) {
  claims.lifetime = lifetime_of(settings);
  if (claims.audience.empty()) claims.audience = settings.token_url;
  const AssertionKey key{
      settings.algorithm.empty() ? default_algorithm : std::string_view(settings.algorithm),
      settings.private_key, settings.key_id};
  return value_or_throw(sign_assertion(claims, key, now));
}

void add_grant(Form& form, const spec::OAuthSettings& settings, std::string_view assertion_id,
               Timestamp now) {
  if (settings.grant_type == oauth::client_credentials) {
    form.add("grant_type", "client_credentials");
  } else if (settings.grant_type == oauth::refresh_token) {
    if (settings.refresh_token.empty()) refuse("refreshToken", "is empty");
    form.add("grant_type", "refresh_token");
    form.add("refresh_token", settings.refresh_token);
  } else if (settings.grant_type == oauth::jwt_bearer) {
    form.add("grant_type", jwt_grant);
    form.add("assertion", assertion_of(settings,
                                       {.issuer = settings.issuer,
                                        .subject = settings.subject,
                                        .audience = settings.audience,
                                        .id = std::string(assertion_id)},
                                       now));
  } else {
    refuse("grantType", "is not one of client_credentials, refresh_token, jwt_bearer");
  }
  form.add("scope", settings.scope);
  if (settings.grant_type != oauth::jwt_bearer) form.add("audience", settings.audience);
}

// RFC 6749, section 2.3.1: both halves are form-encoded before they are joined.
std::string basic_of(const spec::OAuthSettings& settings) {
  return "Basic " + to_base64(http::encode_query_part(settings.client_id) + ":" +
                              http::encode_query_part(settings.client_secret));
}

void add_client(Form& form, http::Headers& headers, const spec::OAuthSettings& settings,
                std::string_view assertion_id, Timestamp now) {
  if (settings.client_id.empty()) return;
  const auto& how = settings.client_authentication;
  if (how == oauth::by_jwt) {
    form.add("client_id", settings.client_id);
    form.add("client_assertion_type", jwt_client);
    form.add("client_assertion", assertion_of(settings,
                                              {.issuer = settings.client_id,
                                               .subject = settings.client_id,
                                               .audience = settings.token_url,
                                               .id = std::string(assertion_id)},
                                              now));
  } else if (how == oauth::in_body || settings.client_secret.empty()) {
    form.add("client_id", settings.client_id);
    form.add("client_secret", settings.client_secret);
  } else if (how.empty() || how == oauth::in_header) {
    headers.add("Authorization", basic_of(settings));
  } else {
    refuse("clientAuthentication", "is not one of header, body, jwt");
  }
}

std::string error_word_in(const Json& answer) {
  const auto* word = find(answer, "error");
  if (!word || !word->is_string()) return {};
  const std::string_view text = word->get_string();
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (text.empty() || text.size() > error_word_length_max || !std::ranges::all_of(text, fits)) return {};
  return ": " + std::string(text);
}

[[noreturn]] void refuse_answer(std::string reason) {
  throw Failure(Error{ErrorKind::upstream, std::move(reason), "token_refused", {}});
}

std::optional<std::chrono::seconds> lifetime_in(const Json& answer) {
  const auto* seconds = find(answer, "expires_in");
  if (!seconds) return std::nullopt;
  std::int64_t count = 0;
  if (seconds->is_number()) {
    count = static_cast<std::int64_t>(std::clamp(seconds->to_number<double>(), 0.0, 1e9));
  } else if (const auto* text = seconds->if_string()) {
    if (std::from_chars(text->data(), text->data() + text->size(), count).ec != std::errc())
      return std::nullopt;
  } else {
    return std::nullopt;
  }
  return std::chrono::seconds(std::max<std::int64_t>(count, 0));
}

}  // namespace

http::ClientRequest token_request(const spec::OAuthSettings& settings, std::string_view assertion_id,
                                  Timestamp now) {
  http::ClientRequest request;
  auto url = http::parse_url(settings.token_url);
  if (!url) refuse("tokenUrl", "is no address of http or https");
  request.url = std::move(*url);
  request.method = http::Method::post;
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  Form form;
  add_grant(form, settings, assertion_id, now);
  add_client(form, request.headers, settings, assertion_id, now);
  request.body = std::move(form).text();
  return request;
}

GrantedToken granted_token(const http::ClientResponse& response) {
  const auto answer = parse_json(response.body, "the answer").value_or(Json());
  if (response.status < 200 || response.status > 299)
    refuse_answer("it answered " + std::to_string(response.status) + error_word_in(answer));
  const auto* token = find(answer, "access_token");
  if (!token || !token->is_string() || token->get_string().empty())
    refuse_answer("its answer holds no access_token");
  const auto* type = find(answer, "token_type");
  if (type && (!type->is_string() || lower(type->get_string()) != "bearer"))
    refuse_answer("it answered with a token that is no bearer token");
  if (std::ranges::any_of(token->get_string(), [](char c) { return c <= ' ' || c > '~'; }))
    refuse_answer("it answered with an access_token that no header can carry");
  GrantedToken granted{Secret(std::string(token->get_string())), lifetime_in(answer), Secret()};
  if (const auto* refresh = find(answer, "refresh_token"); refresh && refresh->is_string())
    granted.refresh_token = Secret(std::string(refresh->get_string()));
  return granted;
}

}  // namespace poly::outbound
