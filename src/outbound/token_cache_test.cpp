#include "outbound/token_cache.hpp"

#include <atomic>
#include <future>

#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/attempt.hpp"
#include "base/loop.hpp"
#include "http/testing.hpp"

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;
using http::testing::World;

GrantedToken granted(std::string token, std::optional<std::chrono::seconds> lifetime = 3600s,
                     std::string refresh = {}) {
  return {Secret(std::move(token)), lifetime, Secret(std::move(refresh))};
}

Task<GrantedToken> granted_after(OneShot<void>& answered) {
  auto waiting = answered.wait();
  co_await std::move(waiting);
  co_return granted("late");
}

struct TokenCacheTest : ::testing::Test {
  World world;
  TaskGroup group{world.executor(), "token requests"};
  TokenCache cache{world.clock};
  const Digest key = digest_of({"key"});
  int fetched = 0;
  std::string sent_refresh_token;
  std::optional<Error> refusal;
  std::optional<std::chrono::seconds> lifetime = 3600s;
  std::string new_refresh_token;

  Task<GrantedToken> fetch(Secret refresh_token) {
    sent_refresh_token = refresh_token.reveal();
    ++fetched;
    if (refusal) throw Failure(*refusal);
    co_return granted("token-" + std::to_string(fetched), lifetime, new_refresh_token);
  }

  TokenPointer token() {
    return world.run(cache.token(key, group, world.wheel, 60s,
                                 [this](Secret refresh) { return fetch(std::move(refresh)); }));
  }
  std::string text() { return std::string(token()->reveal()); }
  std::string problem() {
    try {
      token();
    } catch (const Failure& failure) {
      return failure.error().message;
    }
    return "";
  }
};

TEST_F(TokenCacheTest, AsksOnceForATokenThatIsGood) {
  EXPECT_EQ(text(), "token-1");
  EXPECT_EQ(text(), "token-1");
  EXPECT_EQ(fetched, 1);
}

TEST_F(TokenCacheTest, GivesATokenUpBeforeItExpires) {
  text();
  world.clock.advance(3600s - expiry_margin - 1ms);
  EXPECT_EQ(text(), "token-1");
  world.clock.advance(1ms);
  EXPECT_EQ(text(), "token-2");
}

TEST_F(TokenCacheTest, GivesAShortLivedTokenUpATenthBeforeItsEnd) {
  lifetime = 10s;
  text();
  world.clock.advance(8'999ms);
  EXPECT_EQ(text(), "token-1");
  world.clock.advance(1ms);
  EXPECT_EQ(text(), "token-2");
}

TEST_F(TokenCacheTest, KeepsATokenOfUnknownLifetimeForAWhile) {
  lifetime.reset();
  text();
  world.clock.advance(token_lifetime_default);
  EXPECT_EQ(text(), "token-2");
}

TEST_F(TokenCacheTest, AsksAnewOnceForARejectedToken) {
  const auto first = token();
  cache.reject(key, first);
  EXPECT_EQ(text(), "token-2");
  cache.reject(key, first);
  EXPECT_EQ(text(), "token-2");
}

TEST_F(TokenCacheTest, SendsTheNewestRefreshToken) {
  new_refresh_token = "second";
  cache.reject(key, token());
  EXPECT_EQ(sent_refresh_token, "");
  new_refresh_token.clear();
  cache.reject(key, token());
  EXPECT_EQ(sent_refresh_token, "second");
  text();
  EXPECT_EQ(sent_refresh_token, "second");
}

TEST_F(TokenCacheTest, GoesBackToTheGivenRefreshTokenWhenTheNewestIsRefused) {
  new_refresh_token = "second";
  cache.reject(key, token());
  refusal = Error{ErrorKind::upstream, "it answered 400: invalid_grant", "token_refused", {}};
  problem();
  world.clock.advance(refusal_kept_for);
  refusal.reset();
  text();
  EXPECT_EQ(sent_refresh_token, "");
}

TEST_F(TokenCacheTest, TellsARefusalToAllWhoComeInTheNextSecond) {
  refusal = Error{ErrorKind::upstream, "it answered 401", "token_refused", {}};
  EXPECT_EQ(problem(), "it answered 401");
  EXPECT_EQ(problem(), "it answered 401");
  EXPECT_EQ(fetched, 1);
  world.clock.advance(refusal_kept_for);
  refusal.reset();
  EXPECT_EQ(text(), "token-2");
}

TEST_F(TokenCacheTest, GivesUpWaitingInTimeAndKeepsTheTokenThatComesLate) {
  OneShot<void> answered(world.executor());
  const auto fetch_slowly = [&answered](Secret) { return granted_after(answered); };
  std::exception_ptr problem;
  bool done = false;
  boost::asio::co_spawn(world.context, cache.token(key, group, world.wheel, 1s, fetch_slowly),
                        [&](std::exception_ptr thrown, const TokenPointer&) {
                          problem = thrown;
                          done = true;
                        });
  world.run_until_idle();
  world.pass(1'010ms);
  world.run_until([&done] { return done; });
  EXPECT_EQ(error_of(problem).kind, ErrorKind::timeout);
  answered.deliver({});
  world.run_until([this] { return group.size() == 0; });
  EXPECT_EQ(text(), "late");
}

TEST(TokenCacheOnLoops, AsksOnceForAThousandCallsOfTwoLoops) {
  SystemClock clock;
  TokenCache cache(clock);
  LoopGroup loops(2);
  std::vector<std::unique_ptr<TaskGroup>> groups;
  for (std::size_t i = 0; i < 2; ++i)
    groups.push_back(std::make_unique<TaskGroup>(loops.at(i).executor(), "token requests"));
  std::vector<std::unique_ptr<TimerWheel>> wheels;
  for (std::size_t i = 0; i < 2; ++i)
    wheels.push_back(std::make_unique<TimerWheel>(loops.at(i).executor(), clock));
  std::atomic<int> fetched = 0;
  const auto fetch = [&fetched](Secret) -> Task<GrantedToken> {
    ++fetched;
    return []() -> Task<GrantedToken> { co_return granted("the token"); }();
  };
  const auto key = digest_of({"key"});
  std::vector<std::future<TokenPointer>> calls;
  for (std::size_t i = 0; i < 1'000; ++i) {
    calls.push_back(boost::asio::co_spawn(loops.at(i % 2).executor(),
                                          cache.token(key, *groups[i % 2], *wheels[i % 2], 60s, fetch),
                                          boost::asio::use_future));
  }
  for (auto& call : calls) EXPECT_EQ(call.get()->reveal(), "the token");
  EXPECT_EQ(fetched, 1);
  for (std::size_t i = 0; i < 2; ++i)
    boost::asio::co_spawn(loops.at(i).executor(), groups[i]->join(), boost::asio::use_future).get();
  loops.stop_and_join();
}

}  // namespace
}  // namespace poly::outbound
