#include "training/check_api_function.hpp"

#include <gtest/gtest.h>

namespace poly::training {
namespace {

using Lines = std::vector<std::string>;

spec::ApiFunction valid() {
  spec::ApiFunction function;
  function.head.name = "getPet";
  function.head.context = "pets";
  function.arguments = {{.name = "hostUrl"}, {.name = "petId"}, {.name = "token"}};
  function.source.url = "{{hostUrl}}/pets/{{ petId }}";
  function.source.auth = {.type = spec::AuthType::bearer, .bearer = {{"token", "{{token}}", std::nullopt}}};
  return function;
}

TEST(CheckApiFunction, AcceptsOneThatHangsTogether) {
  EXPECT_EQ(check_api_function(valid()), Lines());
}

TEST(CheckApiFunction, NamesAPlaceholderThatIsNoArgument) {
  auto function = valid();
  function.source.headers = {{"X-Trace", "{{trace}}", std::nullopt}};
  EXPECT_EQ(check_api_function(function),
            Lines{"source.headers[0].value: 'trace' is not one of the arguments"});
}

TEST(CheckApiFunction, NamesAnArgumentThatIsNotUsed) {
  auto function = valid();
  function.arguments.push_back({.name = "colour"});
  EXPECT_EQ(check_api_function(function), Lines{"arguments: 'colour' is not used in the source"});
}

TEST(CheckApiFunction, NamesArgumentsThatStandTwiceOrCannotBeNames) {
  auto function = valid();
  function.arguments.push_back({.name = "petId"});
  EXPECT_EQ(check_api_function(function), Lines{"arguments[3]: the name 'petId' stands twice"});
  function.arguments[3].name = "pet-id";
  function.source.url += "?{{pet-id}}";
  EXPECT_EQ(check_api_function(function).size(), 1u);
}

TEST(CheckApiFunction, RefusesNamesMethodsAndAddressesThatCannotBeCalled) {
  auto function = valid();
  function.head.name = "get pet";
  function.source.method = "FETCH";
  function.source.url = "ftp://host/{{hostUrl}}{{petId}}";
  const auto problems = check_api_function(function);
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_TRUE(problems[0].starts_with("name: 'get pet'")) << problems[0];
  EXPECT_TRUE(problems[1].starts_with("source.url: must start with")) << problems[1];
  EXPECT_EQ(problems[2], "source.method: 'FETCH' is not a method that can be called");
  function.source.url = "{{hostUrl}}/pets of {{petId}}";
  EXPECT_TRUE(check_api_function(function)[1].ends_with("is not a URL"));
}

TEST(CheckApiFunction, NamesWhatATokenCannotBeAskedForWithout) {
  auto function = valid();
  function.source.auth = {.type = spec::AuthType::oauth2,
                          .oauth2 = {{"clientSecret", "{{token}}", std::nullopt},
                                     {"grantType", "password", std::nullopt},
                                     {"algorithm", "none", std::nullopt},
                                     {"colour", "red", std::nullopt}}};
  const auto problems = check_api_function(function);
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_TRUE(problems[0].starts_with("source.auth.oauth2[3].key: 'colour' is not one of grantType, "));
  EXPECT_EQ(problems[1], "source.auth.oauth2: 'tokenUrl' is missing");
  EXPECT_EQ(
      problems[2],
      "source.auth.oauth2: grantType 'password' is not one of client_credentials, refresh_token, jwt_bearer");
  EXPECT_TRUE(problems[3].starts_with("source.auth.oauth2: algorithm 'none' is not one of RS256, "))
      << problems[3];
}

TEST(CheckApiFunction, RefusesASignatureThatWouldHaveToFollowARedirect) {
  auto function = valid();
  function.enabled_redirect = true;
  function.source.auth = {.type = spec::AuthType::aws_v4,
                          .awsv4 = {{"accessKey", "a", std::nullopt},
                                    {"secretKey", "{{token}}", std::nullopt},
                                    {"service", "s3", std::nullopt}}};
  const auto problems = check_api_function(function);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0], "source.auth.awsv4: 'region' is missing");
  EXPECT_TRUE(problems[1].starts_with("enabledRedirect: ")) << problems[1];
}

TEST(CheckApiFunction, NamesValuesOfAPolicyThatAreOutOfTheirRange) {
  auto function = valid();
  auto& policy = function.policy.emplace();
  policy.timeout_seconds = 0;
  policy.retry = {.attempts = 11, .statuses = {200}};
  policy.rate_limit = {.requests = 0};
  policy.concurrency = 1'001;
  policy.circuit_breaker = {.failures = 0};
  policy.cache = {.seconds = -1};
  policy.idempotency_key = {.header = "a b"};
  policy.pagination = {.style = spec::PaginationStyle::cursor, .items = "data", .argument = "cursor"};
  EXPECT_EQ(check_api_function(function),
            (Lines{
                "policy.timeoutSeconds: must be from 0.001 to 600",
                "policy.concurrency: must be from 1 to 1000",
                "policy.retry.attempts: must be from 1 to 10",
                "policy.retry.statuses: must be from 400 to 599",
                "policy.rateLimit.requests: must be from 1 to 1000000",
                "policy.circuitBreaker.failures: must be from 1 to 1000",
                "policy.cache.seconds: must be from 0.001 to 86400",
                "policy.idempotencyKey.header: must be the name of a header",
                "policy.pagination.items: must be a JSON Pointer such as /data/items, or "
                "empty for the whole body",
                "policy.pagination.next: is missing: the JSON Pointer to the next "
                "cursor in an answer",
                "policy.pagination.argument: 'cursor' is not one of the arguments",
            }));
  function.source.method = "POST";
  function.policy = spec::ApiPolicy{.cache = spec::CachePolicy{}};
  EXPECT_EQ(check_api_function(function),
            Lines{"policy.cache: answers to POST are not kept, those to GET and HEAD are"});
}

TEST(CheckApiFunction, RefusesSchemasThatAreNone) {
  auto function = valid();
  function.return_type_schema = {"{"};
  function.arguments[0].type_schema = {"3"};
  const auto problems = check_api_function(function);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_TRUE(problems[0].starts_with("arguments[0].typeSchema: ")) << problems[0];
  EXPECT_TRUE(problems[1].starts_with("returnTypeSchema is not valid JSON")) << problems[1];
}

TEST(CheckApiFunction, RefusesAPlaceholderWithoutEnd) {
  auto function = valid();
  function.source.body = {.mode = spec::BodyMode::raw, .raw = "{\"a\": {{petId"};
  EXPECT_EQ(check_api_function(function), Lines{"source.body.raw: a `{{` has no `}}`"});
}

TEST(CheckApiFunction, AFileBodyUsesTheArgumentBody) {
  auto function = valid();
  function.source.body = {.mode = spec::BodyMode::file};
  EXPECT_EQ(check_api_function(function), Lines{"source.body: 'body' is not one of the arguments"});
  function.arguments.push_back({.name = "body"});
  EXPECT_EQ(check_api_function(function), Lines());
}

TEST(CheckApiFunction, PayloadArgumentsKeepTheirGroupNameFree) {
  auto function = valid();
  function.arguments.push_back({.name = "payload"});
  function.arguments.push_back({.name = "field", .payload = true});
  function.source.url += "?a={{payload}}&b={{field}}";
  EXPECT_EQ(check_api_function(function).size(), 1u);
}

}  // namespace
}  // namespace poly::training
