// What a webhook answers, whom it lets in, and what it stores before it answers.
#include <gtest/gtest.h>

#include "events/testing.hpp"

namespace poly::events {
namespace {

struct Intake : testing::Test {
  store::TemporaryFolder folder;
  World world{folder.path()};
};

spec::Webhook secured_by(const catalog::Resource& function, std::optional<std::string> message = {}) {
  spec::Webhook webhook;
  webhook.security_functions = {{.id = {}, .path = function.path(), .message = std::move(message)}};
  return webhook;
}

TEST_F(Intake, StoresAnEventForEachTriggerBeforeItAnswers) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("b", *webhook, *function);
  world.add_trigger("a", *webhook, *function);
  const auto answer = world.send(webhook, R"({"n":1})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  const auto events = world.stored();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].state, EventState::pending);
  EXPECT_EQ(events[0].source_id, webhook->id);
  EXPECT_EQ(events[0].function, function->id);
  EXPECT_TRUE(world.functions.runs().empty());
}

TEST_F(Intake, StoresNothingWhenNobodyListens) {
  const auto webhook = world.add_webhook();
  EXPECT_EQ(world.send(webhook, "1").status, 200);
  EXPECT_TRUE(world.stored().empty());
}

TEST_F(Intake, FindsATriggerThatWasAddedSinceTheLastRequest) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.send(webhook, "1");
  world.add_trigger("late", *webhook, *function);
  world.send(webhook, "2");
  EXPECT_EQ(world.stored().size(), 1u);
}

TEST_F(Intake, AnswersWhatTheWaitingTriggerGives) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("waits", *webhook, *function, true);
  world.functions.behave([](const FunctionRun& run) {
    auto outcome = json_outcome(to_text(run.arguments[0]));
    outcome.status = 202;
    outcome.headers = {{"x-kind", "order"}};
    return outcome;
  });
  const auto answer = world.send(webhook, R"({"n":1})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"n":1})");
  EXPECT_EQ(answer.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(answer.headers, (HeaderList{{"x-kind", "order"}}));
  EXPECT_TRUE(world.stored().empty());
}

TEST_F(Intake, LetsOneTriggerAnswerAndStoresTheOthers) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("second", *webhook, *function, true);
  const auto first = world.add_trigger("first", *webhook, *function, true);
  world.add_trigger("third", *webhook, *function);
  world.send(webhook, "1");
  EXPECT_EQ(world.functions.runs().size(), 1u);
  const auto events = world.stored();
  ASSERT_EQ(events.size(), 2u);
  for (const auto& event : events) EXPECT_NE(event.trigger, first->id);
}

TEST_F(Intake, FailsAsTheWaitingTriggersFunctionFails) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("waits", *webhook, *function, true);
  world.functions.behave(
      [](const FunctionRun&) -> execution::Outcome { throw Failure(ErrorKind::timeout, "too slow"); });
  EXPECT_EQ(world.refusal_of(webhook, "1"), (Error{ErrorKind::timeout, "too slow", "", {}}));
}

TEST_F(Intake, AnswersAsConfiguredWhateverTheWaitingTriggerGives) {
  spec::Webhook configured;
  configured.response_payload = JsonText::of({{"ok", true}});
  configured.response_status = 207;
  configured.response_headers.emplace()["X-Kind"] = "configured";
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook(configured);
  world.add_trigger("waits", *webhook, *function, true);
  world.functions.behave([](const FunctionRun&) {
    auto outcome = json_outcome("1");
    outcome.status = 500;
    outcome.headers = {{"x-kind", "given"}, {"x-more", "given"}};
    return outcome;
  });
  const auto answer = world.send(webhook, "1");
  EXPECT_EQ(world.functions.runs().size(), 1u);
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.body, R"({"ok":true})");
  EXPECT_EQ(answer.headers, (HeaderList{{"x-more", "given"}, {"X-Kind", "configured"}}));
}

TEST_F(Intake, TreatsADisabledWebhookAsUnknown) {
  spec::Webhook disabled;
  disabled.enabled = false;
  const auto webhook = world.add_webhook(disabled);
  EXPECT_EQ(world.refusal_of(webhook, "1"), unknown_webhook(webhook->id.text()));
}

TEST_F(Intake, WantsAKeyWhereTheWebhookSaysSo) {
  spec::Webhook keyed;
  keyed.require_api_key = true;
  const auto webhook = world.add_webhook(keyed);
  EXPECT_EQ(world.refusal_of(webhook, "1").kind, ErrorKind::unauthorized);
  WebhookEvent event;
  event.webhook = webhook;
  event.caller = world.admin;
  EXPECT_EQ(world.send(event).status, 200);
}

TEST_F(Intake, NeverStoresAKeyOfOurs) {
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("t", *webhook, *function);
  WebhookEvent event;
  event.webhook = webhook;
  event.headers = {{"authorization", "Bearer key-of-ours"}, {"x-a", "1"}, {"x-a", "2"}};
  event.caller = world.admin;
  world.send(event);
  const auto id = world.stored().at(0).id;
  const auto stored = world.on_control(world.events->get(world.admin->environment.id, id));
  EXPECT_EQ(stored.payload.text, R"({"event":null,"headers":{"x-a":"1, 2"},"params":{}})");
}

TEST_F(Intake, GivesSecurityFunctionsTheRawBodyHeadersAndParameters) {
  const auto function = world.add_function("is_allowed");
  const auto webhook = world.add_webhook(secured_by(*function));
  world.functions.behave([](const FunctionRun&) { return json_outcome("true"); });
  WebhookEvent event;
  event.webhook = webhook;
  event.raw_body = R"({ "n" : 1 })";
  event.content_type = "application/json";
  event.headers = {{"x-signature", "abc"}};
  event.params = {{"id", "7"}};
  world.send(event);
  const auto runs = world.functions.runs();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].arguments, (JsonArray{R"({ "n" : 1 })", {{"x-signature", "abc"}}, {{"id", "7"}}}));
}

TEST_F(Intake, IsForbiddenUnlessTheSecurityFunctionReturnsTrue) {
  const auto function = world.add_function("is_allowed");
  const auto webhook = world.add_webhook(secured_by(*function, "wrong signature"));
  for (const std::string body : {"false", "1", "\"true\"", "null", ""}) {
    world.functions.behave([&](const FunctionRun&) { return json_outcome(body); });
    EXPECT_EQ(world.refusal_of(webhook, "1"), (Error{ErrorKind::forbidden, "wrong signature", "", {}}))
        << body;
  }
  world.functions.behave([](const FunctionRun&) {
    auto text = json_outcome("true");
    text.text = true;
    return text;
  });
  EXPECT_EQ(world.refusal_of(webhook, "1").kind, ErrorKind::forbidden);
}

TEST_F(Intake, IsForbiddenWhenASecurityFunctionFailsOrIsGone) {
  const auto function = world.add_function("is_allowed");
  const auto webhook = world.add_webhook(secured_by(*function));
  world.functions.behave(
      [](const FunctionRun&) -> execution::Outcome { throw Failure(ErrorKind::internal, "broken"); });
  const auto error = world.refusal_of(webhook, "1");
  EXPECT_EQ(error.kind, ErrorKind::forbidden);
  EXPECT_FALSE(error.message.contains("broken")) << error.message;
  world.on_control(world.catalog.remove(function));
  EXPECT_EQ(world.refusal_of(webhook, "1").kind, ErrorKind::forbidden);
}

TEST_F(Intake, AsksSecurityFunctionsInOrderAndStopsAtTheFirstThatRefuses) {
  const auto first = world.add_function("first");
  const auto second = world.add_function("second");
  spec::Webhook webhook;
  webhook.security_functions = {{.id = first->id.text(), .path = {}, .message = {}},
                                {.id = second->id.text(), .path = {}, .message = {}}};
  world.functions.behave([](const FunctionRun& run) {
    return json_outcome(run.function == "shop.orders.first" ? "false" : "true");
  });
  EXPECT_EQ(world.refusal_of(world.add_webhook(webhook), "1").kind, ErrorKind::forbidden);
  EXPECT_EQ(world.functions.runs().size(), 1u);
}

TEST_F(Intake, NamesTheByteOfMalformedJson) {
  const auto webhook = world.add_webhook();
  const auto error = world.refusal_of(webhook, R"({"a":x})");
  EXPECT_EQ(error.kind, ErrorKind::bad_request);
  EXPECT_TRUE(error.message.contains("byte 5")) << error.message;
}

TEST_F(Intake, NamesThePathThatDoesNotFitTheSchema) {
  spec::Webhook typed;
  typed.event_payload_type_schema = JsonText::of(
      {{"type", "object"}, {"properties", {{"n", {{"type", "number"}}}}}, {"required", JsonArray{"n"}}});
  const auto webhook = world.add_webhook(typed);
  EXPECT_EQ(world.send(webhook, R"({"n":1})").status, 200);
  const auto error = world.refusal_of(webhook, R"({"n":"one"})");
  EXPECT_EQ(error.kind, ErrorKind::bad_request);
  ASSERT_EQ(error.details.size(), 1u);
  EXPECT_TRUE(error.details[0].starts_with("$.n: ")) << error.details[0];
}

TEST_F(Intake, ReadsTheBodyByItsContentType) {
  const auto function = world.add_function("echo");
  const auto webhook = world.add_webhook();
  world.add_trigger("waits", *webhook, *function, true);
  world.functions.behave([](const FunctionRun& run) { return json_outcome(to_text(run.arguments[0])); });
  const auto read_as = [&](std::string type, std::string body) {
    WebhookEvent event;
    event.webhook = webhook;
    event.content_type = std::move(type);
    event.raw_body = std::move(body);
    return world.send(std::move(event)).body;
  };
  EXPECT_EQ(read_as("application/cloudevents+json", "[1]"), "[1]");
  EXPECT_EQ(read_as("application/x-www-form-urlencoded", "a=1&b=x+y&a=2"), R"({"a":["1","2"],"b":"x y"})");
  EXPECT_EQ(read_as("application/xml", "<a/>"), R"("<a/>")");
  EXPECT_EQ(read_as("", "plain"), R"("plain")");
  EXPECT_EQ(read_as("application/json", ""), "null");
}

TEST_F(Intake, RefusesBytesThatAreNoText) {
  WebhookEvent event;
  event.webhook = world.add_webhook();
  event.raw_body = "\xff\xfe";
  event.content_type = "application/octet-stream";
  EXPECT_EQ(world.refusal_of(event).kind, ErrorKind::bad_request);
  event.raw_body = "a=%ff";
  event.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(world.refusal_of(event).kind, ErrorKind::bad_request);
  event.raw_body = "";
  event.params = {{"id", "\xff"}};
  EXPECT_EQ(world.refusal_of(event).kind, ErrorKind::bad_request);
}

TEST(IntakeLimits, TakeABodyOfTheLimitAndRefuseOneByteMore) {
  store::TemporaryFolder folder;
  EventSettings settings;
  settings.payload_bytes_max = 4;
  World world(folder.path(), settings);
  const auto webhook = world.add_webhook();
  EXPECT_EQ(world.send(webhook, "1234").status, 200);
  EXPECT_EQ(world.refusal_of(webhook, "12345").kind, ErrorKind::too_large);
}

TEST(IntakeLimits, TakeAsManyEventsAsMayWaitAndRefuseOneMoreWhole) {
  store::TemporaryFolder folder;
  EventSettings settings;
  settings.pending_max = 3;
  World world(folder.path(), settings);
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  world.add_trigger("a", *webhook, *function);
  world.send(webhook, "1");
  world.send(webhook, "2");
  world.add_trigger("b", *webhook, *function);
  EXPECT_EQ(world.refusal_of(webhook, "3").kind, ErrorKind::too_many_requests);
  EXPECT_EQ(world.stored().size(), 2u);
}

}  // namespace
}  // namespace poly::events
