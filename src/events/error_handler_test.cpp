// A run that fails becomes an event for the triggers that handle its error.
#include <gtest/gtest.h>

#include "events/error_event.hpp"
#include "events/testing.hpp"

namespace poly::events {
namespace {

struct Failing {
  explicit Failing(EventSettings settings = {}) : world(folder.path(), settings) {
    failed = world.add_function("fails");
    handler = world.add_function("on_error", 1);
    record.id = world.ids.make<ExecutionId>();
    record.environment = world.admin->environment.id;
    record.resource = failed->id;
    record.path = failed->path();
    record.error = "out of stock";
    caller.identity = world.admin;
  }

  void handle_errors_of(std::string path) {
    spec::Trigger trigger;
    trigger.name = "errors of " + path;
    trigger.source.error_handler = spec::ErrorHandlerSource{.path = std::move(path)};
    trigger.destination.server_function = handler->id;
    world.add(std::move(trigger));
  }

  Task<void> report() {
    world.events->run_failed(record, caller);
    co_return;
  }
  void fail() { world.on_data_loop(report()); }

  store::TemporaryFolder folder;
  World world;
  catalog::ResourcePointer failed, handler;
  journal::ExecutionRecord record;
  execution::Caller caller;
};

TEST(ErrorHandler, IsToldWhatFailed) {
  Failing failing;
  failing.handle_errors_of("shop.orders");
  failing.world.start();
  failing.fail();
  const auto runs = failing.world.functions.wait_for(1);
  EXPECT_EQ(runs[0].function, "shop.orders.on_error");
  EXPECT_TRUE(runs[0].handles_error);
  const JsonObject expected{{"message", "out of stock"},
                            {"functionId", failing.failed->id.text()},
                            {"userId", failing.world.admin->user.id.text()},
                            {"path", "shop.orders.fails"},
                            {"executionId", failing.record.id.text()}};
  EXPECT_EQ(runs[0].arguments, (JsonArray{expected}));
  failing.world.await_none_stored();
}

TEST(ErrorHandler, HearsNothingOfItsOwnFailures) {
  Failing failing;
  failing.handle_errors_of("shop");
  failing.caller.handles_error = true;
  failing.fail();
  EXPECT_TRUE(failing.world.stored().empty());
}

TEST(ErrorHandler, HearsOfItsPathAndBelow) {
  Failing failing;
  const auto matches = [&](std::string path) {
    return handles({.path = std::move(path)}, failing.record, failing.caller);
  };
  EXPECT_TRUE(matches("shop.orders.fails"));
  EXPECT_TRUE(matches("shop.orders"));
  EXPECT_TRUE(matches("shop"));
  EXPECT_TRUE(matches(""));
  EXPECT_FALSE(matches("shop.ord"));
  EXPECT_FALSE(matches("shop.orders.fails.more"));
  EXPECT_FALSE(matches("orders"));
}

TEST(ErrorHandler, WantsAllTheListsThatItGivesToNameTheRun) {
  Failing failing;
  spec::ErrorHandlerSource source{.path = "shop"};
  source.function_ids = {failing.handler->id.text()};
  EXPECT_FALSE(handles(source, failing.record, failing.caller));
  source.function_ids->push_back(failing.failed->id.text());
  EXPECT_TRUE(handles(source, failing.record, failing.caller));
  source.user_ids = {failing.world.ids.next().text()};
  EXPECT_FALSE(handles(source, failing.record, failing.caller));
  failing.caller.identity =
      execution::system_identity(failing.world.admin->tenant.id, failing.record.environment);
  EXPECT_TRUE(handles(source, failing.record, failing.caller)) << "no user started the run";
}

TEST(ErrorHandler, OfAnotherEnvironmentHearsNothing) {
  Failing failing;
  failing.handle_errors_of("shop");
  failing.record.environment = failing.world.ids.make<EnvironmentId>();
  failing.fail();
  EXPECT_TRUE(failing.world.stored().empty());
}

TEST(ErrorHandler, LosesAFailureThatFindsNoRoomAndCountsIt) {
  EventSettings settings;
  settings.pending_max = 1;
  Failing failing(settings);
  failing.handle_errors_of("shop");
  failing.fail();
  failing.fail();
  EXPECT_EQ(failing.world.await_stored(EventState::pending, 1).size(), 1u);
  EXPECT_TRUE(failing.world.metrics.render().contains("openpoly_events_dropped_total 1\n"));
}

}  // namespace
}  // namespace poly::events
