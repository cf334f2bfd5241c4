#include "base/timer_wheel.hpp"

#include <random>

#include <gtest/gtest.h>

namespace poly {
namespace {

using std::chrono::milliseconds;

// A wheel whose time moves only by pass().
struct HandDriven {
  boost::asio::io_context context;
  ManualClock clock{Timestamp{}};
  TimerWheel wheel{context.get_executor(), clock};

  void pass(milliseconds by) {
    clock.advance(by);
    wheel.advance();
  }
};

TEST(TimerWheel, RunsATimerAtItsTickAndNotBefore) {
  HandDriven time;
  int runs = 0;
  TimerWheel::Timer timer(time.wheel, [&runs] { ++runs; });
  timer.arm(milliseconds(1000));
  time.pass(milliseconds(999));
  EXPECT_EQ(runs, 0);
  time.pass(milliseconds(1));
  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(timer.armed());
  time.pass(milliseconds(10'000));
  EXPECT_EQ(runs, 1);
}

TEST(TimerWheel, RoundsUpToTheNextTick) {
  HandDriven time;
  bool ran = false;
  TimerWheel::Timer timer(time.wheel, [&ran] { ran = true; });
  timer.arm(milliseconds(11));
  time.pass(milliseconds(19));
  EXPECT_FALSE(ran);
  time.pass(milliseconds(1));
  EXPECT_TRUE(ran);
}

TEST(TimerWheel, TakesADeadlineInThePastAsTheNextTick) {
  HandDriven time;
  time.pass(milliseconds(500));
  bool ran = false;
  TimerWheel::Timer timer(time.wheel, [&ran] { ran = true; });
  timer.arm_at(time.wheel.now() - milliseconds(100));
  time.wheel.advance();
  EXPECT_FALSE(ran);
  time.pass(milliseconds(10));
  EXPECT_TRUE(ran);
}

TEST(TimerWheel, ForgetsADisarmedTimer) {
  HandDriven time;
  bool ran = false;
  TimerWheel::Timer timer(time.wheel, [&ran] { ran = true; });
  timer.arm(milliseconds(50));
  timer.disarm();
  EXPECT_EQ(time.wheel.armed_count(), 0U);
  time.pass(milliseconds(1000));
  EXPECT_FALSE(ran);
}

TEST(TimerWheel, CancelsWhenAHandleIsDropped) {
  HandDriven time;
  int runs = 0;
  auto dropped = time.wheel.schedule(milliseconds(20), [&runs] { ++runs; });
  const auto kept = time.wheel.schedule(milliseconds(20), [&runs] { ++runs; });
  dropped.reset();
  time.pass(milliseconds(100));
  EXPECT_EQ(runs, 1);
}

TEST(TimerWheel, MovesADeadlineWhenArmedAgain) {
  HandDriven time;
  int runs = 0;
  TimerWheel::Timer timer(time.wheel, [&runs] { ++runs; });
  timer.arm(milliseconds(100));
  time.pass(milliseconds(90));
  timer.arm(milliseconds(100));
  time.pass(milliseconds(90));
  EXPECT_EQ(runs, 0);
  time.pass(milliseconds(10));
  EXPECT_EQ(runs, 1);
}

TEST(TimerWheel, LetsACallbackArmItsOwnTimerAgain) {
  HandDriven time;
  int runs = 0;
  TimerWheel::Timer* self = nullptr;
  TimerWheel::Timer timer(time.wheel, [&runs, &self] {
    if (++runs < 3) self->arm(milliseconds(10));
  });
  self = &timer;
  timer.arm(milliseconds(10));
  for (int i = 0; i < 5; ++i) time.pass(milliseconds(10));
  EXPECT_EQ(runs, 3);
}

TEST(TimerWheel, LetsACallbackDestroyItselfAndItsNeighbour) {
  HandDriven time;
  TimerWheel::Handle first;
  TimerWheel::Handle second;
  int runs = 0;
  const auto destroy_both = [&first, &second, &runs] {
    ++runs;
    first.reset();
    second.reset();
  };
  first = time.wheel.schedule(milliseconds(30), destroy_both);
  second = time.wheel.schedule(milliseconds(30), destroy_both);
  time.pass(milliseconds(30));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(time.wheel.armed_count(), 0U);
}

TEST(TimerWheel, AgreesWithAPlainListOfDeadlines) {
  HandDriven time;
  std::mt19937 random(7);
  struct Expected {
    TimerWheel::Handle handle;
    Instant due;
    Instant ran{};
  };
  std::vector<std::unique_ptr<Expected>> all;
  const auto instant = [&time] { return time.clock.instant(); };
  for (int round = 0; round < 400; ++round) {
    const int exponent = static_cast<int>(random() % 28);
    const milliseconds after(random() % (1U << exponent) + 1);
    auto& item = *all.emplace_back(std::make_unique<Expected>());
    item.due = instant() + after;
    item.handle = time.wheel.schedule(after, [&item, &instant] { item.ran = instant(); });
    const auto before = instant();
    time.pass(milliseconds(random() % (round % 10 == 0 ? 5'000'000 : 700)));
    for (const auto& each : all) {
      if (each->ran >= before && each->ran != Instant{}) {
        EXPECT_LE(each->due, each->ran);
      }
      if (each->due + milliseconds(10) <= instant()) {
        EXPECT_NE(each->ran, Instant{});
      }
      if (each->due > instant()) {
        EXPECT_EQ(each->ran, Instant{});
      }
    }
  }
}

TEST(TimerWheel, WakesByItselfOnARealClock) {
  boost::asio::io_context context;
  const SystemClock clock;
  TimerWheel wheel(context.get_executor(), clock, milliseconds(1));
  std::vector<int> order;
  TimerWheel::Timer late(wheel, [&order] { order.push_back(2); });
  TimerWheel::Timer early(wheel, [&order] { order.push_back(1); });
  late.arm(milliseconds(8));
  early.arm(milliseconds(3));
  context.run();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

}  // namespace
}  // namespace poly
