#include "outbound/retry.hpp"

#include <gtest/gtest.h>

#include "outbound/http_date.hpp"

namespace poly::outbound {
namespace {

using namespace std::chrono_literals;

const Timestamp now = parse_iso("2024-05-01T12:00:00Z").value();
constexpr double longest = 0.999'999;

TEST(Retry, WaitsUpToTwiceAsLongEachTimeAndNeverLongerThanTheEnd) {
  const spec::RetryPolicy policy{.first_delay_seconds = 1, .delay_seconds_max = 5};
  EXPECT_EQ(backoff(policy, 1, 0), 0ms);
  EXPECT_EQ(backoff(policy, 1, 0.5), 500ms);
  EXPECT_EQ(backoff(policy, 2, 0.5), 1s);
  EXPECT_EQ(backoff(policy, 3, 0.5), 2s);
  EXPECT_EQ(backoff(policy, 4, 0.5), 2'500ms);
  EXPECT_EQ(backoff(policy, 1'000, longest), 4'999ms);
}

TEST(Retry, RepeatsDeclaredStatusesUntilTheAttemptsAreMade) {
  const spec::RetryPolicy policy{.attempts = 3, .statuses = {503}};
  EXPECT_EQ(wait_after_answer(policy, 1, 503, "", now, 0), 0ms);
  EXPECT_EQ(wait_after_answer(policy, 2, 503, "", now, 0), 0ms);
  EXPECT_EQ(wait_after_answer(policy, 3, 503, "", now, 0), std::nullopt);
  EXPECT_EQ(wait_after_answer(policy, 1, 500, "", now, 0), std::nullopt);
  EXPECT_EQ(wait_after_answer(policy, 1, 200, "", now, 0), std::nullopt);
}

TEST(Retry, RepeatsWhatGotNoAnswerButNotWhatWasRefusedHere) {
  const spec::RetryPolicy policy;
  EXPECT_TRUE(wait_after_failure(policy, 1, ErrorKind::upstream, 0));
  EXPECT_TRUE(wait_after_failure(policy, 1, ErrorKind::timeout, 0));
  EXPECT_FALSE(wait_after_failure(policy, 3, ErrorKind::timeout, 0));
  for (const auto kind : {ErrorKind::forbidden, ErrorKind::too_large, ErrorKind::bad_request})
    EXPECT_FALSE(wait_after_failure(policy, 1, kind, 0));
}

TEST(Retry, WaitsAtLeastAsLongAsTheAnswerAsksFor) {
  const spec::RetryPolicy policy{.first_delay_seconds = 1};
  EXPECT_EQ(wait_after_answer(policy, 1, 429, "7", now, 0.5), 7'500ms);
  EXPECT_EQ(wait_after_answer(policy, 1, 429, "Wed, 01 May 2024 12:00:30 GMT", now, 0), 30s);
  EXPECT_EQ(wait_after_answer(policy, 1, 429, "Wed, 01 May 2024 11:00:00 GMT", now, 0), 0ms);
  EXPECT_EQ(wait_after_answer(policy, 1, 429, "soon", now, 0.5), 500ms);
}

TEST(Retry, GivesTheAnswerToTheCallerWhenItAsksForTooLongAWait) {
  const spec::RetryPolicy policy{.retry_after_seconds_max = 60};
  EXPECT_TRUE(wait_after_answer(policy, 1, 429, "60", now, 0));
  EXPECT_FALSE(wait_after_answer(policy, 1, 429, "61", now, 0));
  EXPECT_FALSE(wait_after_answer(policy, 1, 429, "4294967295", now, 0));
}

TEST(Retry, ReadsAllFormsOfADateAndNothingElse) {
  const auto expected = parse_iso("1994-11-06T08:49:37Z").value();
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
  for (const auto* other :
       {"", "0", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT+1", "Sun, 31 Feb 1994"})
    EXPECT_EQ(parse_http_date(other), std::nullopt) << other;
}

}  // namespace
}  // namespace poly::outbound
