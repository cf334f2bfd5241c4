#include "outbound/token_bucket.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;

const Instant start{std::chrono::hours(1)};

TEST(TokenBucket, GivesAllTokensAtOnceAndThenOneForEachPartOfThePeriod) {
  TokenBucket bucket(5, 10s);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bucket.take(start, 0s), 0ns);
  EXPECT_EQ(bucket.take(start, 0s), std::nullopt);
  EXPECT_EQ(bucket.take(start + 1'999ms, 0s), std::nullopt);
  EXPECT_EQ(bucket.take(start + 2s, 0s), 0ns);
  EXPECT_EQ(bucket.take(start + 2s, 0s), std::nullopt);
}

TEST(TokenBucket, ReservesTokensThatAreToComeForThoseWhoWait) {
  TokenBucket bucket(1, 1s);
  EXPECT_EQ(bucket.take(start, 0s), 0ns);
  EXPECT_EQ(bucket.take(start, 3s), 1s);
  EXPECT_EQ(bucket.take(start, 3s), 2s);
  EXPECT_EQ(bucket.take(start, 3s), 3s);
  EXPECT_EQ(bucket.take(start, 3s), std::nullopt);
  EXPECT_EQ(bucket.take(start + 4s, 0s), 0ns);
}

TEST(TokenBucket, HoldsNoMoreThanItsSizeHoweverLongItWasLeftAlone) {
  TokenBucket bucket(3, 3s);
  EXPECT_EQ(bucket.take(start, 0s), 0ns);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take(start + 24h, 0s), 0ns);
  EXPECT_EQ(bucket.take(start + 24h, 0s), std::nullopt);
}

TEST(TokenBucket, GivesNoTokenTwiceToThreadsThatTakeTogether) {
  TokenBucket bucket(1'000, 1h);
  std::atomic<int> taken = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int each = 0; each < 500; ++each) {
        if (bucket.take(start, 0s)) ++taken;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(taken, 1'000);
}

}  // namespace
}  // namespace poly::outbound
