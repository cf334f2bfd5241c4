// The credentials of an API function that are more than a text in a header: which members their lists have,
// and what must be among them. Values are templates here; whoever runs the function puts the arguments in.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/api_function.hpp"

namespace poly::spec {

namespace oauth {
inline constexpr std::string_view client_credentials = "client_credentials";
inline constexpr std::string_view refresh_token = "refresh_token";
inline constexpr std::string_view jwt_bearer = "jwt_bearer";
inline constexpr std::string_view in_header = "header";
inline constexpr std::string_view in_body = "body";
inline constexpr std::string_view by_jwt = "jwt";
}  // namespace oauth

// How a token is asked for (RFC 6749; RFC 7523 for the grant jwt_bearer and the client authentication jwt).
struct OAuthSettings {
  std::string grant_type = std::string(oauth::client_credentials);
  std::string token_url;
  std::string client_id, client_secret;
  std::string client_authentication;  // header when empty
  std::string scope, audience;
  std::string refresh_token;
  std::string private_key;  // PEM
  std::string algorithm;    // of the signature, RS256 when empty
  std::string issuer, subject, key_id;
  std::string lifetime_seconds;

  bool operator==(const OAuthSettings&) const = default;
};

// AWS Signature Version 4.
struct AwsSettings {
  std::string access_key, secret_key, session_token, region, service;

  bool operator==(const AwsSettings&) const = default;
};

template <class Settings>
using SettingName = std::pair<std::string_view, std::string Settings::*>;

// The names in `oauth2`. Those with underscores, and accessTokenUrl, are how Postman writes them.
inline constexpr auto oauth_names = std::to_array<SettingName<OAuthSettings>>({
    {"grantType", &OAuthSettings::grant_type},
    {"tokenUrl", &OAuthSettings::token_url},
    {"clientId", &OAuthSettings::client_id},
    {"clientSecret", &OAuthSettings::client_secret},
    {"clientAuthentication", &OAuthSettings::client_authentication},
    {"scope", &OAuthSettings::scope},
    {"audience", &OAuthSettings::audience},
    {"refreshToken", &OAuthSettings::refresh_token},
    {"privateKey", &OAuthSettings::private_key},
    {"algorithm", &OAuthSettings::algorithm},
    {"issuer", &OAuthSettings::issuer},
    {"subject", &OAuthSettings::subject},
    {"keyId", &OAuthSettings::key_id},
    {"lifetimeSeconds", &OAuthSettings::lifetime_seconds},
    {"grant_type", &OAuthSettings::grant_type},
    {"accessTokenUrl", &OAuthSettings::token_url},
    {"client_authentication", &OAuthSettings::client_authentication},
});

inline constexpr auto aws_names = std::to_array<SettingName<AwsSettings>>({
    {"accessKey", &AwsSettings::access_key},
    {"secretKey", &AwsSettings::secret_key},
    {"sessionToken", &AwsSettings::session_token},
    {"region", &AwsSettings::region},
    {"service", &AwsSettings::service},
});

// The signatures of a JWT that are made.
inline constexpr auto jwt_algorithms = std::to_array<std::string_view>(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"});

// Names that are not known are passed over; problems_of() has told of them when the function was published.
OAuthSettings oauth_settings_of(const ApiAuth& auth);
AwsSettings aws_settings_of(const ApiAuth& auth);

// One line for each thing that is wrong with the lists of `oauth2` and `awsv4`, with the field in front.
std::vector<std::string> problems_of(const ApiAuth& auth);

}  // namespace poly::spec
