#include "spec/api_auth.hpp"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace poly::spec {
namespace {

template <class Settings, std::size_t Count>
Settings settings_of(const std::vector<KeyValue>& pairs,
                     const std::array<SettingName<Settings>, Count>& names) {
  Settings settings;
  for (const auto& pair : pairs) {
    for (const auto& [name, member] : names) {
      if (name == pair.key) settings.*member = pair.value;
    }
  }
  return settings;
}

class AuthCheck final {
 public:
  std::vector<std::string> run(const ApiAuth& auth) && {
    if (auth.type == AuthType::oauth2) check_oauth(auth);
    if (auth.type == AuthType::aws_v4) check_aws(auth);
    return std::move(problems_);
  }

 private:
  void check_oauth(const ApiAuth& auth) {
    field_ = "source.auth.oauth2";
    check_names(auth.oauth2, oauth_names);
    const auto settings = oauth_settings_of(auth);
    require(settings.token_url, "tokenUrl");
    require_one_of("grantType", settings.grant_type,
                   std::array{oauth::client_credentials, oauth::refresh_token, oauth::jwt_bearer});
    require_one_of("clientAuthentication", settings.client_authentication,
                   std::array{oauth::in_header, oauth::in_body, oauth::by_jwt});
    require_one_of("algorithm", settings.algorithm, jwt_algorithms);
    if (settings.grant_type == oauth::client_credentials) require(settings.client_id, "clientId");
    if (settings.grant_type == oauth::refresh_token) require(settings.refresh_token, "refreshToken");
    if (settings.grant_type == oauth::jwt_bearer) require(settings.issuer, "issuer");
    if (settings.client_authentication == oauth::by_jwt) require(settings.client_id, "clientId");
    if (settings.grant_type == oauth::jwt_bearer || settings.client_authentication == oauth::by_jwt)
      require(settings.private_key, "privateKey");
  }

  void check_aws(const ApiAuth& auth) {
    field_ = "source.auth.awsv4";
    check_names(auth.awsv4, aws_names);
    const auto settings = aws_settings_of(auth);
    require(settings.access_key, "accessKey");
    require(settings.secret_key, "secretKey");
    require(settings.region, "region");
    require(settings.service, "service");
  }

  template <class Names>
  void check_names(const std::vector<KeyValue>& pairs, const Names& names) {
    const auto known = names | std::views::keys;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (std::ranges::find(known, pairs[i].key) != known.end()) continue;
      problems_.push_back(fmt::format("{}[{}].key: '{}' is not one of {}", field_, i, pairs[i].key,
                                      fmt::join(known.begin(), known.end(), ", ")));
    }
  }

  void require(std::string_view value, std::string_view name) {
    if (value.empty()) problems_.push_back(fmt::format("{}: '{}' is missing", field_, name));
  }

  // A value that arguments decide is looked at when they are there.
  template <class Words>
  void require_one_of(std::string_view name, std::string_view value, const Words& words) {
    if (value.empty() || value.contains("{{") || std::ranges::find(words, value) != words.end()) return;
    problems_.push_back(
        fmt::format("{}: {} '{}' is not one of {}", field_, name, value, fmt::join(words, ", ")));
  }

  std::string_view field_;
  std::vector<std::string> problems_;
};

}  // namespace

OAuthSettings oauth_settings_of(const ApiAuth& auth) {
  return settings_of(auth.oauth2, oauth_names);
}

AwsSettings aws_settings_of(const ApiAuth& auth) {
  return settings_of(auth.awsv4, aws_names);
}

std::vector<std::string> problems_of(const ApiAuth& auth) {
  return AuthCheck().run(auth);
}

}  // namespace poly::spec
