#include <gtest/gtest.h>

#include "gateway/list_parameter.hpp"
#include "gateway/openapi.hpp"
#include "gateway/reply.hpp"
#include "gateway/route_table.hpp"

namespace poly::gateway {
namespace {

Route route(http::Method method, std::string path, std::string operation) {
  return {.method = method,
          .path = std::move(path),
          .access = Access::needs(identity::Permission::manage_jobs),
          .operation = std::move(operation),
          .summary = "s"};
}

class Routes : public testing::Test {
 protected:
  Routes() {
    table.add(route(http::Method::get, "/functions/api", "list"));
    table.add(route(http::Method::post, "/functions/api/{id}/execute", "execute"));
    table.add(route(http::Method::get, "/functions/{kind}/{id}", "get"));
    table.add(route(http::Method::get, "/functions/any/{id}", "any"));
    table.add(route(http::Method::post, "/webhooks/{id}", "call"));
    table.add(route(http::Method::post, "/webhooks/{id}/{rest...}", "callBelow"));
  }

  std::string found(http::Method method, std::string_view path) const {
    const auto match = table.find(method, path);
    if (!match) return std::string(to_string(match.error().kind));
    auto text = match->route->operation;
    for (const auto& parameter : match->parameters) text += " " + parameter;
    return text;
  }

  RouteTable table;
};

TEST_F(Routes, AreFoundByMethodAndPath) {
  EXPECT_EQ(found(http::Method::get, "/functions/api"), "list");
  EXPECT_EQ(found(http::Method::get, "/functions/api/"), "list");
  EXPECT_EQ(found(http::Method::post, "/functions/api/crm.get/execute"), "execute crm.get");
}

TEST_F(Routes, PreferALiteralSegmentAndTurnBackWhenItLeadsNowhere) {
  EXPECT_EQ(found(http::Method::get, "/functions/any/7"), "any 7");
  EXPECT_EQ(found(http::Method::get, "/functions/api/7"), "get api 7");
}

TEST_F(Routes, DecodeTheirParametersAndLeaveTheRestAsItCame) {
  EXPECT_EQ(found(http::Method::post, "/webhooks/a%20b"), "call a b");
  EXPECT_EQ(found(http::Method::post, "/webhooks/w/orders/a%2Fb"), "callBelow w orders/a%2Fb");
}

TEST_F(Routes, SayWhatIsWrong) {
  EXPECT_EQ(found(http::Method::get, "/nowhere"), "not_found");
  EXPECT_EQ(found(http::Method::get, "/functions//7"), "not_found");
  const auto wrong_method = table.find(http::Method::delete_, "/functions/api");
  ASSERT_FALSE(wrong_method);
  EXPECT_EQ(wrong_method.error().kind, ErrorKind::method_not_allowed);
  EXPECT_EQ(wrong_method.error().message, "/functions/api takes GET, not DELETE");
}

TEST_F(Routes, DescribeThemselvesForOpenApi) {
  const auto document = parse_json(openapi_document(table, "1.2.3"), "document").value();
  EXPECT_EQ(document.at("info").at("version"), "1.2.3");
  EXPECT_EQ(document.at("paths").as_object().size(), 6u);
  const auto& execute = document.at("paths").at("/functions/api/{id}/execute").at("post");
  EXPECT_EQ(execute.at("operationId"), "execute");
  EXPECT_EQ(execute.at("parameters").at(0).at("name"), "id");
  EXPECT_EQ(execute.at("description"), "Needs the permission manageJobs.");
}

TEST(Lists, AreReadInTheThreeWaysOfTheClients) {
  const std::vector<std::string> expected{"a", "b"};
  EXPECT_EQ(list_parameter({{"names[]", "a"}, {"names[]", "b"}}, "names"), expected);
  EXPECT_EQ(list_parameter({{"names", "a"}, {"names", "b"}, {"namesake", "c"}}, "names"), expected);
  EXPECT_EQ(list_parameter({{"names", "a,b,"}}, "names"), expected);
  EXPECT_TRUE(list_parameter({{"names", ""}}, "names").empty());
}

TEST(Access, AsksForOneOfItsPermissions) {
  using identity::Permission;
  const auto either = Access::one_of({Permission::manage_jobs, Permission::execute});
  EXPECT_TRUE(either.allows({Permission::execute}));
  EXPECT_FALSE(either.allows({Permission::custom_dev}));
  EXPECT_TRUE(Access::any_key().allows({}));
  EXPECT_FALSE(Access::open().needs_key());
}

TEST(Replies, ListSeveralReasonsAsAnArray) {
  const auto one = error_reply({ErrorKind::not_found, "gone", "GONE", {}});
  EXPECT_EQ(one.status, 404);
  EXPECT_EQ(one.body, R"({"statusCode":404,"message":"gone","code":"GONE"})");
  const auto two = error_reply({ErrorKind::bad_request, "a; b", "", {"a", "b"}});
  EXPECT_EQ(two.body, R"({"statusCode":400,"message":["a","b"]})");
}

TEST(Replies, SayWhenToTryAgain) {
  EXPECT_EQ(error_reply({ErrorKind::too_many_requests, "full", "", {}}).headers.get("retry-after"), "1");
}

}  // namespace
}  // namespace poly::gateway
