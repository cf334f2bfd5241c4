#include "outbound/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

struct CircuitBreakerTest : ::testing::Test {
  CircuitBreaker breaker{3, 10s};
  Instant now{std::chrono::hours(1)};

  bool fail_once() { return breaker.admit(now).value().failed(now); }
  void open() {
    for (int i = 0; i < 3; ++i) fail_once();
  }
};

TEST_F(CircuitBreakerTest, OpensAfterSoManyFailuresInARow) {
  EXPECT_FALSE(fail_once());
  EXPECT_FALSE(fail_once());
  EXPECT_TRUE(fail_once());
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_FALSE(breaker.admit(now).has_value());
  EXPECT_EQ(breaker.open_for(now + 1s), 9s);
}

TEST_F(CircuitBreakerTest, CountsFromZeroAfterASuccess) {
  fail_once();
  fail_once();
  breaker.admit(now).value().succeeded();
  fail_once();
  fail_once();
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST_F(CircuitBreakerTest, LetsOneRequestTryWhenItsTimeIsOver) {
  open();
  now += 10s;
  auto probe = breaker.admit(now);
  ASSERT_TRUE(probe);
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_FALSE(breaker.admit(now).has_value());
  probe->succeeded();
  EXPECT_EQ(breaker.state(), State::closed);
  EXPECT_TRUE(breaker.admit(now).has_value());
}

TEST_F(CircuitBreakerTest, OpensAgainWhenTheTryFails) {
  open();
  now += 10s;
  EXPECT_TRUE(fail_once());
  EXPECT_EQ(breaker.open_for(now), 10s);
}

TEST_F(CircuitBreakerTest, LetsAnotherTryWhenOneWentAwayWithoutAWord) {
  open();
  now += 10s;
  {
    const auto gone = breaker.admit(now);
  }
  EXPECT_TRUE(breaker.admit(now).has_value());
}

TEST_F(CircuitBreakerTest, DoesNotCountAnswersToWhatWasSentBeforeItOpened) {
  auto late_failure = breaker.admit(now);
  auto late_success = breaker.admit(now);
  open();
  now += 10s;
  auto probe = breaker.admit(now);
  EXPECT_FALSE(late_failure->failed(now));
  late_success->succeeded();
  EXPECT_EQ(breaker.state(), State::half_open);
  probe->succeeded();
  EXPECT_EQ(breaker.state(), State::closed);
}

}  // namespace
}  // namespace poly::outbound
