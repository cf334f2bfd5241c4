// Stored events reach their functions, are tried again on a schedule, and end as dead letters that can be
// replayed.
#include <gtest/gtest.h>

#include "events/backoff.hpp"
#include "events/testing.hpp"

namespace poly::events {
namespace {

using std::chrono::milliseconds;

EventSettings with(int attempts_max, std::size_t running_max = 64) {
  EventSettings settings;
  settings.attempts_max = attempts_max;
  settings.running_max = running_max;
  return settings;
}

execution::Outcome fail_always(const FunctionRun&) {
  throw Failure(ErrorKind::function_failed, "the shop is closed");
}

// A world with one webhook, one function and one trigger between them.
struct Shop {
  explicit Shop(EventSettings settings = {}) : limits(settings), world(folder.path(), settings) {
    function = world.add_function("handle");
    webhook = world.add_webhook();
    trigger = world.add_trigger("t", *webhook, *function);
  }
  EnvironmentId environment() const { return world.admin->environment.id; }
  StoredEvent only(EventState state) { return world.await_stored(state, 1).at(0); }

  EventSettings limits;
  store::TemporaryFolder folder;
  World world;
  catalog::ResourcePointer function, webhook, trigger;
};

TEST(Dispatcher, GivesAnEventToItsFunctionAndForgetsIt) {
  Shop shop;
  shop.world.start();
  WebhookEvent event;
  event.webhook = shop.webhook;
  event.raw_body = R"({"n":1})";
  event.content_type = "application/json";
  event.headers = {{"x-http-method", "POST"}};
  event.params = {{"id", "7"}};
  shop.world.send(event);
  const auto runs = shop.world.functions.wait_for(1);
  EXPECT_EQ(runs[0].function, "shop.orders.handle");
  EXPECT_EQ(runs[0].arguments, (JsonArray{{{"n", 1}}, {{"x-http-method", "POST"}}, {{"id", "7"}}}));
  EXPECT_FALSE(runs[0].handles_error);
  shop.world.await_none_stored();
}

TEST(Dispatcher, GivesAFunctionNoMoreArgumentsThanItTakes) {
  store::TemporaryFolder folder;
  World world(folder.path());
  const auto function = world.add_function("short", 1);
  const auto webhook = world.add_webhook();
  world.add_trigger("t", *webhook, *function);
  world.start();
  world.send(webhook, "5");
  EXPECT_EQ(world.functions.wait_for(1)[0].arguments, (JsonArray{5}));
  world.await_none_stored();
}

TEST(Dispatcher, TriesAFailedEventAgainWhenItsBackoffHasPassedAndNotBefore) {
  Shop shop(with(3));
  shop.world.functions.behave(fail_always);
  shop.world.start();
  shop.world.send(shop.webhook, "1");
  for (int attempt = 1; attempt < 3; ++attempt) {
    shop.world.functions.wait_for(static_cast<std::size_t>(attempt));
    const auto waiting = shop.only(EventState::pending);
    EXPECT_EQ(waiting.attempts, attempt);
    EXPECT_EQ(waiting.last_error, "the shop is closed");
    const auto delay = waiting.next_attempt_at - shop.world.clock.now();
    EXPECT_EQ(delay, backoff(shop.limits, waiting.id, attempt));
    shop.world.pass(delay - milliseconds(20));
    EXPECT_EQ(shop.world.functions.runs().size(), static_cast<std::size_t>(attempt));
    shop.world.pass(milliseconds(40));
  }
  shop.world.functions.wait_for(3);
  const auto dead = shop.only(EventState::dead);
  EXPECT_EQ(dead.attempts, 3);
  EXPECT_EQ(dead.last_error, "the shop is closed");
  shop.world.pass(shop.limits.backoff_max * 2);
  EXPECT_EQ(shop.world.functions.runs().size(), 3u);
}

TEST(Dispatcher, WaitsNoLongerThanTheLongestBackoffThoughTheClockWasPutBack) {
  for (const auto beyond : {milliseconds(0), milliseconds(1)}) {
    Shop shop;
    shop.world.send(shop.webhook, "1");
    const auto due = shop.world.clock.now() + shop.limits.backoff_max + beyond;
    std::vector<store::Statement> moving{store::statement("UPDATE events SET next_attempt_at = $1", due)};
    shop.world.on_control(shop.world.store->write(std::move(moving)));
    shop.world.start();
    if (beyond == milliseconds(0)) {
      shop.world.pass(shop.limits.backoff_max - milliseconds(20));
      EXPECT_TRUE(shop.world.functions.runs().empty());
      shop.world.pass(milliseconds(40));
    }
    shop.world.functions.wait_for(1);
    shop.world.await_none_stored();
  }
}

TEST(Dispatcher, ReplaysADeadEventWithAllItsAttempts) {
  Shop shop(with(1));
  shop.world.functions.behave(fail_always);
  shop.world.start();
  shop.world.send(shop.webhook, "1");
  const auto dead = shop.only(EventState::dead);
  shop.world.functions.behave({});
  const auto replayed = shop.world.on_control(shop.world.events->replay(shop.environment(), dead.id));
  EXPECT_EQ(replayed.id, dead.id);
  shop.world.functions.wait_for(2);
  shop.world.await_none_stored();
}

TEST(Dispatcher, ReplaysNothingThatIsNotDead) {
  Shop shop;
  shop.world.send(shop.webhook, "1");
  const auto pending = shop.only(EventState::pending);
  try {
    shop.world.on_control(shop.world.events->replay(shop.environment(), pending.id));
    FAIL() << "a pending event was replayed";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::conflict);
  }
}

TEST(Dispatcher, DiscardsAnEventAndMakesRoomForAnother) {
  EventSettings settings;
  settings.pending_max = 1;
  Shop shop(settings);
  shop.world.send(shop.webhook, "1");
  const auto pending = shop.only(EventState::pending);
  shop.world.on_control(shop.world.events->discard(shop.environment(), pending.id));
  EXPECT_TRUE(shop.world.stored().empty());
  EXPECT_EQ(shop.world.send(shop.webhook, "2").status, 200);
}

TEST(Dispatcher, ShowsAnEventToItsEnvironmentOnly) {
  Shop shop;
  shop.world.send(shop.webhook, "1");
  const auto event = shop.only(EventState::pending);
  const auto other = shop.world.ids.make<EnvironmentId>();
  EXPECT_TRUE(shop.world.on_control(shop.world.events->list(other, {})).empty());
  EXPECT_THROW(shop.world.on_control(shop.world.events->get(other, event.id)), Failure);
  EXPECT_THROW(shop.world.on_control(shop.world.events->discard(other, event.id)), Failure);
}

TEST(Dispatcher, DiscardsNoEventThatRuns) {
  Shop shop;
  shop.world.functions.hold();
  shop.world.start();
  shop.world.send(shop.webhook, "1");
  const auto running = shop.only(EventState::running);
  EXPECT_THROW(shop.world.on_control(shop.world.events->discard(shop.environment(), running.id)), Failure);
  shop.world.functions.release();
  shop.world.await_none_stored();
}

TEST(Dispatcher, GivesUpAtOnceWhenTheTriggerOrItsFunctionIsGone) {
  Shop shop;
  shop.world.send(shop.webhook, "1");
  const auto other = shop.world.add_function("other");
  shop.world.add_trigger("u", *shop.webhook, *other);
  shop.world.send(shop.webhook, "2");
  shop.world.on_control(shop.world.catalog.remove(shop.trigger));
  shop.world.on_control(shop.world.catalog.remove(other));
  shop.world.start();
  const auto dead = shop.world.await_stored(EventState::dead, 3);
  int triggers_gone = 0;
  for (const auto& event : dead) {
    if (event.last_error == "the trigger was deleted") {
      ++triggers_gone;
    } else {
      EXPECT_EQ(event.last_error, "the function of trigger 'u' was deleted");
      EXPECT_EQ(event.function, other->id);
    }
  }
  EXPECT_EQ(triggers_gone, 2);
  EXPECT_TRUE(shop.world.functions.runs().empty());
}

TEST(Dispatcher, RunsAsManyAtOnceAsItMayAndThenTheRest) {
  Shop shop(with(1, 2));
  shop.world.functions.hold();
  for (int i = 0; i < 3; ++i) shop.world.send(shop.webhook, std::to_string(i));
  shop.world.start();
  shop.world.functions.wait_for(2);
  EXPECT_EQ(shop.world.await_stored(EventState::running, 2).size(), 2u);
  EXPECT_EQ(shop.only(EventState::pending).attempts, 0);
  EXPECT_EQ(shop.world.functions.runs().size(), 2u);
  shop.world.functions.release();
  shop.world.functions.wait_for(3);
  shop.world.await_none_stored();
}

TEST(Dispatcher, KeepsTheNewestDeadLettersOfAnEnvironment) {
  auto settings = with(1);
  settings.dead_letters_kept_max = 2;
  Shop shop(settings);
  shop.world.functions.behave(fail_always);
  shop.world.start();
  for (std::size_t i = 1; i <= 3; ++i) {
    shop.world.send(shop.webhook, std::to_string(i));
    shop.world.functions.wait_for(i);
    shop.world.await_stored(EventState::pending, 0);
    shop.world.await_stored(EventState::running, 0);
    shop.world.pass(milliseconds(1));
  }
  const auto kept = shop.world.stored();
  ASSERT_EQ(kept.size(), 2u);
  const auto oldest = shop.world.on_control(shop.world.events->get(shop.environment(), kept[1].id));
  EXPECT_EQ(oldest.payload.parsed().at("event"), Json(2));
}

TEST(Dispatcher, ClosesWithoutWaitingForEverAndKeepsWhatIsUnfinished) {
  store::TemporaryFolder folder;
  {
    World world(folder.path());
    const auto function = world.add_function("handle");
    const auto webhook = world.add_webhook();
    world.add_trigger("t", *webhook, *function);
    world.functions.behave([](const FunctionRun&) -> execution::Outcome {
      throw Failure(ErrorKind::unavailable, "the server stops");
    });
    world.functions.hold();
    world.start();
    world.send(webhook, "1");
    world.functions.wait_for(1);
    auto closing =
        boost::asio::co_spawn(world.control.executor(), world.events->close(), boost::asio::use_future);
    world.pass(EventSettings().closing_wait + milliseconds(20));
    closing.get();
    EXPECT_EQ(world.stored().at(0).state, EventState::running);
  }
  World world(folder.path());
  const auto event = world.stored().at(0);
  EXPECT_EQ(event.state, EventState::pending);
  EXPECT_EQ(event.attempts, 0) << "an attempt that the stopping server ended counts";
  world.start();
  world.functions.wait_for(1);
  world.await_none_stored();
}

TEST(Dispatcher, CountsWhatItDoes) {
  Shop shop(with(2));
  shop.world.functions.behave(fail_always);
  shop.world.start();
  shop.world.send(shop.webhook, "1");
  shop.world.functions.wait_for(1);
  shop.only(EventState::pending);
  shop.world.pass(shop.limits.backoff_first + milliseconds(20));
  shop.only(EventState::dead);
  shop.world.on_control(shop.world.events->close());
  shop.world.on_control(shop.world.events->join());
  const auto text = shop.world.metrics.render();
  for (const std::string line :
       {"openpoly_events_received_total{source=\"webhook\"} 1", "openpoly_events_retried_total 1",
        "openpoly_events_dead_total 1", "openpoly_events_delivered_total 0", "openpoly_events_pending 0"}) {
    EXPECT_TRUE(text.contains(line + "\n")) << line << "\n" << text;
  }
}

TEST(Backoff, DoublesUpToItsLimitAndIsCutByAtMostAHalf) {
  const EventSettings settings;
  RandomIdSource ids;
  const std::vector<int> whole_seconds{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
  for (int round = 0; round < 100; ++round) {
    const auto event = ids.make<EventId>();
    for (std::size_t i = 0; i < whole_seconds.size(); ++i) {
      const auto whole = milliseconds(whole_seconds[i] * 1'000);
      const auto delay = backoff(settings, event, static_cast<int>(i) + 1);
      EXPECT_LE(delay, whole);
      EXPECT_GE(delay, whole / 2);
    }
  }
}

TEST(Backoff, DiffersBetweenEvents) {
  CountingIdSource ids;
  const auto first = backoff({}, ids.make<EventId>(), 5);
  const auto second = backoff({}, ids.make<EventId>(), 5);
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace poly::events
