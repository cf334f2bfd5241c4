#include "outbound/token_request.hpp"

#include <gmock/gmock.h>

namespace poly::outbound {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Timestamp now = parse_iso("2024-05-01T12:00:00Z").value();

spec::OAuthSettings settings() {
  spec::OAuthSettings settings;
  settings.token_url = "https://login.example.com/token";
  settings.client_id = "me:1";
  settings.client_secret = "s&cret";
  return settings;
}

GrantedToken granted(int status, std::string body) {
  http::ClientResponse response;
  response.status = status;
  response.body = std::move(body);
  return granted_token(response);
}

std::string refusal(int status, std::string body) {
  try {
    granted(status, std::move(body));
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::upstream);
    return failure.error().message;
  }
  return "";
}

TEST(TokenRequest, ProvesTheClientInTheHeaderUnlessToldOtherwise) {
  auto given = settings();
  given.scope = "read write";
  given.audience = "https://api";
  const auto request = token_request(given, "1", now);
  EXPECT_EQ(request.method, http::Method::post);
  EXPECT_EQ(request.url.text(), "https://login.example.com/token");
  EXPECT_EQ(request.headers.get("Authorization"), "Basic bWUlM0ExOnMlMjZjcmV0");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body, "grant_type=client_credentials&scope=read%20write&audience=https%3A%2F%2Fapi");
  given.client_authentication = "body";
  const auto in_body = token_request(given, "1", now);
  EXPECT_EQ(in_body.headers.find("Authorization"), nullptr);
  EXPECT_THAT(in_body.body, HasSubstr("&client_id=me%3A1&client_secret=s%26cret"));
}

TEST(TokenRequest, SendsARefreshTokenOfAClientWithoutASecret) {
  auto given = settings();
  given.grant_type = "refresh_token";
  given.client_secret.clear();
  given.refresh_token = "old";
  const auto request = token_request(given, "1", now);
  EXPECT_EQ(request.body, "grant_type=refresh_token&refresh_token=old&client_id=me%3A1");
}

TEST(TokenRequest, NamesTheFieldThatIsWrongAndNotItsValue) {
  const auto problem = [](auto change) {
    auto given = settings();
    change(given);
    try {
      token_request(given, "1", now);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.error().kind, ErrorKind::bad_request);
      return failure.error().message;
    }
    return std::string();
  };
  EXPECT_THAT(problem([](auto& it) { it.token_url = "nowhere"; }), HasSubstr("tokenUrl: "));
  EXPECT_THAT(problem([](auto& it) { it.grant_type = "secret"; }), Not(HasSubstr("secret")));
  EXPECT_THAT(problem([](auto& it) { it.client_authentication = "x"; }), HasSubstr("clientAuthentication: "));
  EXPECT_THAT(problem([](auto& it) {
                it.grant_type = "jwt_bearer";
                it.private_key = "my key";
              }),
              Not(HasSubstr("my key")));
  EXPECT_THAT(problem([](auto& it) {
                it.grant_type = "jwt_bearer";
                it.lifetime_seconds = "3601";
              }),
              HasSubstr("lifetimeSeconds: "));
}

TEST(TokenAnswer, IsAToken) {
  const auto token =
      granted(200, R"({"access_token":"t","token_type":"BEARER","expires_in":60,"refresh_token":"r"})");
  EXPECT_EQ(token.access_token.reveal(), "t");
  EXPECT_EQ(token.lifetime, std::chrono::seconds(60));
  EXPECT_EQ(token.refresh_token.reveal(), "r");
  EXPECT_EQ(granted(200, R"({"access_token":"t","expires_in":"60"})").lifetime, std::chrono::seconds(60));
  EXPECT_EQ(granted(201, R"({"access_token":"t"})").lifetime, std::nullopt);
}

TEST(TokenAnswer, IsRefusedWithoutRepeatingWhatItSays) {
  EXPECT_EQ(refusal(401, R"({"error":"invalid_client","error_description":"s&cret is wrong"})"),
            "it answered 401: invalid_client");
  EXPECT_EQ(refusal(400, R"({"error":"S&CRET"})"), "it answered 400");
  EXPECT_EQ(refusal(500, "<html>"), "it answered 500");
  EXPECT_EQ(refusal(200, "{}"), "its answer holds no access_token");
  EXPECT_EQ(refusal(200, R"({"access_token":"t","token_type":"mac"})"),
            "it answered with a token that is no bearer token");
  EXPECT_EQ(refusal(200, R"({"access_token":"t\r\nX: y"})"),
            "it answered with an access_token that no header can carry");
}

}  // namespace
}  // namespace poly::outbound
