#include "outbound/call_slots.hpp"

#include <atomic>
#include <future>

#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/loop.hpp"
#include "http/testing.hpp"
#include "outbound/pause.hpp"

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;
using http::testing::World;

struct CallSlotsTest : ::testing::Test {
  World world;
  CallSlots slots{1};
  std::vector<int> order;

  void start(int name) {
    boost::asio::co_spawn(world.context, hold(name), [](std::exception_ptr problem) {
      if (problem) std::rethrow_exception(problem);
    });
  }
  Task<void> hold(int name) {
    auto taking = slots.take(world.executor(), world.wheel, 10s);
    const auto slot = co_await std::move(taking);
    order.push_back(name);
    auto pausing = pause(world.executor(), world.wheel, 1s);
    co_await std::move(pausing);
  }
};

TEST_F(CallSlotsTest, GivesAFreeSlotToTheOneWhoWaitsLongest) {
  for (int name = 1; name <= 3; ++name) start(name);
  world.run_until([this] { return order.size() == 1; });
  world.pass(1'010ms);
  world.run_until([this] { return order.size() == 2; });
  world.pass(1'010ms);
  world.run_until([this] { return order.size() == 3; });
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  world.pass(1'010ms);
  world.run_until_idle();
}

TEST_F(CallSlotsTest, RefusesTheOneWhoWaitedForAllOfItsTime) {
  const auto held = world.run(slots.take(world.executor(), world.wheel, 1s));
  std::exception_ptr problem;
  bool done = false;
  boost::asio::co_spawn(world.context, slots.take(world.executor(), world.wheel, 2s),
                        [&](std::exception_ptr thrown, CallSlots::Slot) {
                          problem = thrown;
                          done = true;
                        });
  world.run_until_idle();
  world.pass(2'010ms);
  world.run_until([&done] { return done; });
  EXPECT_EQ(error_of(problem).kind, ErrorKind::too_many_requests);
  EXPECT_EQ(error_of(problem).code, "concurrency_limited");
}

TEST_F(CallSlotsTest, LetsOnlySoManyWait) {
  auto held = std::make_unique<CallSlots::Slot>(world.run(slots.take(world.executor(), world.wheel, 1s)));
  std::size_t refused = 0, served = 0;
  for (std::size_t i = 0; i <= slots_waiting_max; ++i) {
    boost::asio::co_spawn(world.context, slots.take(world.executor(), world.wheel, 60s),
                          [&](std::exception_ptr thrown, CallSlots::Slot) { ++(thrown ? refused : served); });
  }
  world.run_until([&] { return refused == 1; });
  held = nullptr;
  world.run_until([&] { return served == slots_waiting_max; });
}

Task<void> work(CallSlots& slots, Executor here, TimerWheel& wheel, std::atomic<int>& running,
                std::atomic<int>& most) {
  auto taking = slots.take(here, wheel, 60s);
  const auto slot = co_await std::move(taking);
  const int now = ++running;
  int seen = most;
  while (now > seen && !most.compare_exchange_weak(seen, now)) {
  }
  auto yielding = boost::asio::post(here, use_task);
  co_await std::move(yielding);
  --running;
}

TEST(CallSlotsOnLoops, NeverLetMoreThanTheirNumberRunOnTwoLoops) {
  SystemClock clock;
  LoopGroup loops(2);
  std::vector<std::unique_ptr<TimerWheel>> wheels;
  for (std::size_t i = 0; i < 2; ++i)
    wheels.push_back(std::make_unique<TimerWheel>(loops.at(i).executor(), clock));
  CallSlots slots(3);
  std::atomic<int> running = 0, most = 0;
  std::vector<std::future<void>> calls;
  for (std::size_t i = 0; i < 500; ++i) {
    const auto here = loops.at(i % 2).executor();
    calls.push_back(boost::asio::co_spawn(here, work(slots, here, *wheels[i % 2], running, most),
                                          boost::asio::use_future));
  }
  for (auto& call : calls) call.get();
  EXPECT_LE(most, 3);
  loops.stop_and_join();
}

}  // namespace
}  // namespace poly::outbound
