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
