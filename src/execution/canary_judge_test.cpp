#include "execution/canary_judge.hpp"

#include <gtest/gtest.h>

namespace poly::execution {
namespace {

using Kind = CanaryVerdict::Kind;

const auto began = parse_iso("2024-05-01T12:00:00Z").value();
const spec::Canary canary{.candidate = 4,
                          .stable = 3,
                          .began_at = began,
                          .rules = {.error_percent_max = 5, .calls_min = 50, .minutes = 10}};

Kind verdict(RevisionOutcomes candidate, RevisionOutcomes stable = {3, 1'000, 0},
             std::chrono::seconds after = std::chrono::seconds(1)) {
  return judge(canary, candidate, stable, began + after).kind;
}

TEST(CanaryJudge, LetsATrialGoOnUntilEnoughCallsSaySomething) {
  EXPECT_EQ(verdict({4, 49, 49}), Kind::goes_on);
  EXPECT_EQ(verdict({4, 50, 50}), Kind::failed);
}

TEST(CanaryJudge, FailsOnlyPastTheErrorsThatMayBe) {
  EXPECT_EQ(verdict({4, 100, 5}), Kind::goes_on);
  EXPECT_EQ(verdict({4, 100, 6}), Kind::failed);
}

TEST(CanaryJudge, DoesNotBlameTheCandidateForWhatFailsInBoth) {
  EXPECT_EQ(verdict({4, 100, 20}, {3, 100, 20}), Kind::goes_on);
  EXPECT_EQ(verdict({4, 100, 21}, {3, 100, 20}), Kind::failed);
}

TEST(CanaryJudge, PassesATrialThatLastedItsMinutes) {
  EXPECT_EQ(verdict({4, 100, 0}, {3, 100, 0}, std::chrono::seconds(599)), Kind::goes_on);
  EXPECT_EQ(verdict({4, 100, 0}, {3, 100, 0}, std::chrono::seconds(600)), Kind::passed);
  EXPECT_EQ(verdict({4, 0, 0}, {3, 0, 0}, std::chrono::seconds(600)), Kind::passed);
  EXPECT_EQ(verdict({4, 100, 100}, {3, 100, 0}, std::chrono::seconds(600)), Kind::failed);
}

TEST(CanaryJudge, SaysWhyInNumbers) {
  EXPECT_EQ(judge(canary, {4, 80, 20}, {3, 200, 2}, began).reason,
            "20 of 80 calls of revision 4 failed (25.0 %, at most 5 % may; revision 3 had 1.0 %)");
}

TEST(RevisionOutcomes, CountFromTheBeginningOfATrialOrAnew) {
  EXPECT_EQ(since({4, 10, 3}, {4, 4, 1}), (RevisionOutcomes{4, 6, 2}));
  EXPECT_EQ(since({4, 2, 1}, {4, 4, 1}), (RevisionOutcomes{4, 2, 1}));
}

}  // namespace
}  // namespace poly::execution
