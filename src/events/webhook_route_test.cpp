#include "events/webhook_route.hpp"

#include <gtest/gtest.h>

namespace poly::events {
namespace {

std::optional<JsonObject> match(std::string subpath, std::string_view rest, std::string_view query = "") {
  spec::Webhook webhook;
  if (!subpath.empty()) webhook.subpath = std::move(subpath);
  return match_subpath(webhook, rest, query);
}

TEST(WebhookRoute, TakesTheMethodsOfItsList) {
  spec::Webhook webhook;
  EXPECT_TRUE(accepts_method(webhook, "POST"));
  EXPECT_FALSE(accepts_method(webhook, "GET"));
  webhook.method = "GET, PUT";
  EXPECT_TRUE(accepts_method(webhook, "GET"));
  EXPECT_TRUE(accepts_method(webhook, "PUT"));
  EXPECT_FALSE(accepts_method(webhook, "POST"));
}

TEST(WebhookRoute, ReadsParametersFromPathAndQuery) {
  EXPECT_EQ(match("orders/{orderId}?a={b}", "/orders/17", "a=x&c=y"),
            (JsonObject{{"orderId", "17"}, {"b", "x"}, {"c", "y"}}));
}

TEST(WebhookRoute, WantsEverySegment) {
  EXPECT_FALSE(match("orders/{id}", "/orders"));
  EXPECT_FALSE(match("orders/{id}", "/orders/1/2"));
  EXPECT_FALSE(match("orders/{id}", "/invoices/1"));
  EXPECT_FALSE(match("orders/{id}", ""));
  EXPECT_TRUE(match("/orders/{id}/", "orders/1/"));
}

TEST(WebhookRoute, WithoutATemplateHasNoPathButAnyQuery) {
  EXPECT_EQ(match("", "", "a=1&a=2&b"), (JsonObject{{"a", JsonArray{"1", "2"}}, {"b", ""}}));
  EXPECT_EQ(match("", "/"), JsonObject());
  EXPECT_FALSE(match("", "/more"));
}

TEST(WebhookRoute, UndoesPercentEncodingAfterSplitting) {
  EXPECT_EQ(match("files/{name}", "/files/a%2Fb%20c"), (JsonObject{{"name", "a/b c"}}));
  EXPECT_EQ(match("q?x={x}", "/q", "x=a%26b+c"), (JsonObject{{"x", "a&b c"}}));
}

TEST(WebhookRoute, MayHaveTextAroundAParameter) {
  EXPECT_EQ(match("reports/{day}.csv", "/reports/monday.csv"), (JsonObject{{"day", "monday"}}));
  EXPECT_FALSE(match("reports/{day}.csv", "/reports/.csv"));
  EXPECT_FALSE(match("reports/{day}.csv", "/reports/monday.xml"));
}

TEST(WebhookRoute, DoesWithoutANamedQueryParameterButNotWithoutAFixedOne) {
  EXPECT_EQ(match("q?x={x}", "/q"), JsonObject());
  EXPECT_TRUE(match("q?kind=order", "/q", "kind=order"));
  EXPECT_FALSE(match("q?kind=order", "/q", "kind=invoice"));
  EXPECT_FALSE(match("q?kind=order", "/q"));
}

TEST(WebhookRoute, LetsThePathWinOverAQueryOfTheSameName) {
  EXPECT_EQ(match("orders/{id}", "/orders/1", "id=2"), (JsonObject{{"id", "1"}}));
}

TEST(WebhookRoute, SaysWhatIsWrongWithATemplate) {
  EXPECT_TRUE(check_subpath(""));
  EXPECT_TRUE(check_subpath("orders/{orderId}/lines/{line-no}.json?a={a}&kind=x"));
  for (const std::string_view wrong :
       {"a/{}", "a/{b", "a/b}", "a/{b}{c}", "a//b", "a/{b}/{b}", "a?{b}", "a?={b}", "a/{b c}"}) {
    const auto checked = check_subpath(wrong);
    ASSERT_FALSE(checked) << wrong;
    EXPECT_TRUE(checked.error().message.starts_with("$.subpath: ")) << checked.error().message;
  }
}

TEST(WebhookRoute, HasATemplateOfTheLimitAndNotOneByteMore) {
  EXPECT_TRUE(check_subpath(std::string(subpath_length_max, 'a')));
  EXPECT_FALSE(check_subpath(std::string(subpath_length_max + 1, 'a')));
}

}  // namespace
}  // namespace poly::events
