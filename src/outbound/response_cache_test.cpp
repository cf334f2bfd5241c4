#include "outbound/response_cache.hpp"

#include <gtest/gtest.h>

#include "outbound/freshness.hpp"

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;

const Timestamp now = parse_iso("2024-05-01T12:00:00Z").value();

Freshness freshness(http::Headers headers, spec::CachePolicy policy = {}) {
  http::ClientResponse response;
  response.status = 200;
  response.headers = std::move(headers);
  return freshness_of(response, policy, now);
}

TEST(Freshness, LastsAsLongAsTheAnswerSays) {
  EXPECT_EQ(freshness({{"Cache-Control", "private, max-age=60"}}).lasts, 60s);
  EXPECT_EQ(freshness({{"cache-control", "public"}, {"Cache-Control", "MAX-AGE=\"60\""}}).lasts, 60s);
  EXPECT_EQ(freshness({{"Cache-Control", "max-age=60"}, {"Age", "20"}}).lasts, 40s);
  EXPECT_EQ(freshness({{"Expires", "Wed, 01 May 2024 12:01:00 GMT"}}).lasts, 60s);
  EXPECT_EQ(
      freshness({{"Expires", "Wed, 01 May 2024 12:01:00 GMT"}, {"Date", "Wed, 01 May 2024 12:00:50 GMT"}})
          .lasts,
      10s);
  EXPECT_EQ(freshness({{"Expires", "0"}}).lasts, 0s);
}

TEST(Freshness, IsTheDeclaredTimeWhereOneIsDeclared) {
  EXPECT_EQ(freshness({}, {.seconds = 1.5}).lasts, 1'500ms);
  EXPECT_EQ(freshness({{"Cache-Control", "max-age=60"}}, {.seconds = 5}).lasts, 5s);
}

TEST(Freshness, KeepsNothingThatMustNotBeKeptOrCouldNotBeUsed) {
  EXPECT_FALSE(freshness({}).may_be_kept);
  EXPECT_FALSE(freshness({{"Cache-Control", "no-store"}, {"ETag", "\"a\""}}, {.seconds = 5}).may_be_kept);
  EXPECT_FALSE(freshness({{"Vary", "*"}}, {.seconds = 5}).may_be_kept);
  EXPECT_FALSE(freshness({{"Cache-Control", "no-cache"}}).may_be_kept);
  EXPECT_FALSE(freshness({{"ETag", "\"a\""}}, {.use_etag = false}).may_be_kept);
}

TEST(Freshness, KeepsWhatCanBeConfirmed) {
  const auto found = freshness({{"Cache-Control", "no-cache"}, {"ETag", "\"a\""}});
  EXPECT_TRUE(found.may_be_kept);
  EXPECT_EQ(found.lasts, 0s);
  EXPECT_EQ(found.etag, "\"a\"");
}

KeptAnswerPointer answer(std::size_t size) {
  return std::make_shared<const KeptAnswer>(KeptAnswer{.status = 200, .envelope = std::string(size, 'x')});
}

TEST(ResponseCache, DropsWhatWasNotUsedForLongest) {
  ResponseCache cache(3'000);
  const auto a = digest_of({"a"}), b = digest_of({"b"}), c = digest_of({"c"});
  cache.keep(a, answer(1'000));
  cache.keep(b, answer(1'000));
  EXPECT_TRUE(cache.find(a));
  cache.keep(c, answer(1'000));
  EXPECT_TRUE(cache.find(a));
  EXPECT_FALSE(cache.find(b));
  EXPECT_TRUE(cache.find(c));
  EXPECT_LE(cache.bytes(), 3'000u);
}

TEST(ResponseCache, HoldsOneAnswerForAKeyAndForgetsItWhenTold) {
  ResponseCache cache(3'000);
  const auto key = digest_of({"a"});
  cache.keep(key, answer(10));
  cache.keep(key, answer(20));
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(cache.find(key)->envelope.size(), 20u);
  cache.forget(key);
  EXPECT_EQ(cache.find(key), nullptr);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(ResponseCache, KeepsNoAnswerThatIsLargerThanOneMayBe) {
  ResponseCache cache;
  const auto key = digest_of({"a"});
  cache.keep(key, answer(10));
  cache.keep(key, answer(kept_answer_bytes_max));
  EXPECT_EQ(cache.find(key), nullptr);
}

TEST(Digest, TellsTextsApartThatJoinedWouldBeTheSame) {
  EXPECT_EQ(digest_of({"ab", "c"}), digest_of({"ab", "c"}));
  EXPECT_NE(digest_of({"ab", "c"}), digest_of({"a", "bc"}));
  EXPECT_NE(digest_of({"ab", ""}), digest_of({"ab"}));
}

}  // namespace
}  // namespace poly::outbound
