// The autoscaler in virtual time.
#include "runtime/autoscaler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace poly::runtime {
namespace {

using namespace std::chrono_literals;

class Scaling : public testing::Test {
 protected:
  // One decision each second while `calls` are in flight; what is wanted is there a second later.
  ScalingDecision hold(std::size_t calls, std::chrono::seconds time) {
    ScalingDecision decision;
    for (auto left = time; left > 0s; left -= 1s) {
      scaler.observe(now, calls);
      now += 1s;
      decision = scaler.decide(now, ready);
      ready = decision.wanted;
    }
    return decision;
  }

  ScalingSettings settings;
  Autoscaler scaler{settings, {.min = 0, .max = 20, .concurrency = 10}};
  Instant now{1h};
  std::size_t ready = 1;
};

TEST_F(Scaling, KeepsOneInstanceForOneCallAtATime) {
  EXPECT_EQ(hold(1, 120s).wanted, 1u);
}

TEST_F(Scaling, LeavesRoomInEachInstance) {
  EXPECT_EQ(hold(14, 120s).wanted, 2u);  // 14 of 2 × 10 × 0.7
  EXPECT_EQ(hold(15, 120s).wanted, 3u);
}

TEST_F(Scaling, AnswersASpikeWithinThePanicWindow) {
  hold(5, 120s);
  const auto decision = hold(100, 6s);
  EXPECT_TRUE(decision.panicking);
  EXPECT_GE(decision.wanted, 14u);
}

TEST_F(Scaling, PutsNothingAwayWhileASpikeIsRecent) {
  hold(5, 120s);
  const auto peak = hold(100, 10s).wanted;
  EXPECT_EQ(hold(5, 40s).wanted, peak);
  EXPECT_EQ(hold(5, 180s).wanted, 1u);
}

TEST_F(Scaling, ShrinksByHalvesAtMost) {
  hold(140, 200s);
  ASSERT_EQ(ready, 20u);
  scaler.observe(now, 1);
  now += 300s;
  EXPECT_EQ(scaler.decide(now, ready).wanted, 10u);
}

TEST_F(Scaling, GoesToZeroOnlyAfterTheIdleTime) {
  hold(1, 30s);
  EXPECT_EQ(hold(0, 59s).wanted, 1u);
  EXPECT_EQ(hold(0, 2s).wanted, 0u);
}

TEST_F(Scaling, NeverLeavesItsRange) {
  Autoscaler bounded(settings, {.min = 2, .max = 3, .concurrency = 1});
  EXPECT_EQ(bounded.decide(now, 0).wanted, 2u);
  bounded.observe(now, 50);
  EXPECT_EQ(bounded.decide(now + 60s, 3).wanted, 3u);
  bounded.observe(now + 61s, 0);
  const auto decision = bounded.decide(now + 300s, 3);
  EXPECT_EQ(decision.wanted, 2u);
  EXPECT_EQ(decision.reason, "no call for 60 s; 2 are always kept");
  EXPECT_EQ(bounded.needed_for(0), 2u);
  EXPECT_EQ(bounded.needed_for(1000), 3u);
}

TEST_F(Scaling, AClockThatJumpsForwardCountsAsTimeThatPassed) {
  hold(1, 10s);
  scaler.observe(now, 0);
  now += 24h;
  EXPECT_EQ(scaler.decide(now, 1).wanted, 0u);
}

TEST_F(Scaling, AClockThatStandsStillDividesByNothing) {
  scaler.observe(now, 3);
  EXPECT_EQ(scaler.decide(now, 0).stable_average, 3);
}

// A working day: quiet night, two humps, a spike of a minute each hour. Calls take a second; an instance is
// there a second after it was wanted.
TEST_F(Scaling, FollowsADayWithSpikesWithoutWasteOrWant) {
  double instance_seconds = 0, call_seconds = 0, overload_seconds = 0;
  std::size_t changes = 0;
  ready = 0;
  for (int second = 0; second < 24 * 3600; ++second) {
    const double hour = second / 3600.0;
    double load = hour < 6 || hour > 22 ? 0 : 20 + 20 * std::sin((hour - 6) / 16 * 2 * std::numbers::pi);
    if (hour >= 6 && hour <= 22 && second % 3600 < 60) load += 100;
    const auto calls = static_cast<std::size_t>(load);
    scaler.observe(now, calls);
    now += 1s;
    // Calls that find no room start instances at once, as the pool does.
    const auto wanted =
        std::max(scaler.decide(now, ready).wanted, std::min(scaler.needed_for(calls), std::size_t{20}));
    changes += wanted != ready;
    if (calls > ready * 10) overload_seconds += 1;
    ready = wanted;
    instance_seconds += static_cast<double>(ready);
    call_seconds += static_cast<double>(calls);
  }
  EXPECT_EQ(ready, 0u);                                // the night costs nothing
  EXPECT_LT(overload_seconds, 60);                     // of 86,400: the first second of each rise
  EXPECT_LT(instance_seconds * 10, 4 * call_seconds);  // a quarter of what is there works, on average
  EXPECT_LT(changes, 600u);                            // instances do not come and go with every wave
}

TEST(ConcurrencyWindow, WeighsByTime) {
  ConcurrencyWindow window(60s);
  Instant now{1h};
  window.set(now, 10);
  window.set(now + 1s, 0);
  EXPECT_NEAR(window.average(now + 2s, 60s), 5, 0.01);
  EXPECT_NEAR(window.average(now + 10s, 60s), 1, 0.01);
}

TEST(ConcurrencyWindow, ForgetsWhatIsOlderThanTheWindow) {
  ConcurrencyWindow window(60s);
  Instant now{1h};
  window.set(now, 100);
  window.set(now + 10s, 1);
  EXPECT_NEAR(window.average(now + 75s, 60s), 1, 0.01);
  EXPECT_NEAR(window.average(now + 1h, 60s), 1, 0.01);
}

}  // namespace
}  // namespace poly::runtime
