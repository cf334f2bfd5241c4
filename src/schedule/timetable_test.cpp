#include "schedule/timetable.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace poly::schedule {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::string>;

Timestamp at(std::string_view iso) {
  return value_or_throw(parse_iso(iso));
}

Timing timing(spec::ScheduleType type, Json value, std::optional<int> delay = {}) {
  const spec::JobSchedule schedule{type, std::move(value), delay};
  return value_or_throw(Timing::of(schedule));
}
Timing cron(std::string_view expression, std::optional<int> delay = {}) {
  return timing(spec::ScheduleType::periodical, Json(expression), delay);
}
Timing every(int minutes, std::optional<int> delay = {}) {
  return timing(spec::ScheduleType::interval, minutes, delay);
}
Timing once(std::string_view iso, std::optional<int> delay = {}) {
  return timing(spec::ScheduleType::on_time, Json(iso), delay);
}

struct TimetableTest : testing::Test {
  std::vector<Tick> look(std::string_view now) { return table.take_due(at(now)); }
  // The due moments; one that is too late is marked.
  Times due(std::string_view now) {
    Times out;
    for (const auto& tick : look(now))
      out.push_back(to_iso(tick.due_at) + (tick.too_late ? " too late" : ""));
    return out;
  }

  Timetable table;
  const ResourceId job{{{1}}}, other{{{2}}};
};

TEST_F(TimetableTest, APeriodicalJobIsDueAtEachMomentOfItsExpression) {
  table.set(job, cron("*/15 * * * *"), at("2024-05-01T12:01:00Z"));
  EXPECT_EQ(due("2024-05-01T12:14:59.999Z"), Times());
  EXPECT_EQ(due("2024-05-01T12:15:00Z"), Times{"2024-05-01T12:15:00.000Z"});
  EXPECT_EQ(due("2024-05-01T12:15:00Z"), Times());
  EXPECT_EQ(table.next(job), at("2024-05-01T12:30:00Z"));
}

TEST_F(TimetableTest, AnIntervalIsCountedFromTheMomentItWasSetAndKeepsItsPace) {
  table.set(job, every(10), at("2024-05-01T12:03:00Z"));
  EXPECT_EQ(due("2024-05-01T12:13:00.008Z"), Times{"2024-05-01T12:13:00.000Z"});
  EXPECT_EQ(due("2024-05-01T12:23:00.011Z"), Times{"2024-05-01T12:23:00.000Z"});
  EXPECT_EQ(table.next(job), at("2024-05-01T12:33:00Z"));
}

TEST_F(TimetableTest, AnOverdueIntervalIsRunOnceAndCountedFromThere) {
  table.set(job, every(60), at("2024-05-01T12:00:00Z"));
  EXPECT_EQ(due("2024-05-03T07:20:00Z"), Times{"2024-05-03T07:00:00.000Z"});
  EXPECT_EQ(table.next(job), at("2024-05-03T08:20:00Z"));
}

TEST_F(TimetableTest, AnOverdueIntervalPastItsAcceptableDelayKeepsItsPace) {
  table.set(job, every(60, 15), at("2024-05-01T12:00:00Z"));
  EXPECT_EQ(due("2024-05-01T14:20:00Z"), Times{"2024-05-01T14:00:00.000Z too late"});
  EXPECT_EQ(table.next(job), at("2024-05-01T15:00:00Z"));
}

TEST_F(TimetableTest, AJobForOneTimeIsDueOnceAndThenNeverAgain) {
  table.set(job, once("2024-05-01T12:00:00+02:00"), std::nullopt);
  EXPECT_EQ(due("2024-05-01T09:59:59Z"), Times());
  EXPECT_EQ(due("2024-05-01T10:00:00Z"), Times{"2024-05-01T10:00:00.000Z"});
  EXPECT_EQ(table.next(job), std::nullopt);
  EXPECT_EQ(table.earliest(), std::nullopt);
}

TEST_F(TimetableTest, ATimeThatPassedIsRunWithinItsAcceptableDelayAndNotAfterIt) {
  table.set(job, once("2024-05-01T12:00:00Z", 30), std::nullopt);
  table.set(other, once("2024-05-01T12:00:00Z", 29), std::nullopt);
  EXPECT_EQ(due("2024-05-01T12:30:00Z"),
            (Times{"2024-05-01T12:00:00.000Z", "2024-05-01T12:00:00.000Z too late"}));
}

TEST_F(TimetableTest, WithoutAnAcceptableDelayAMomentMayBeAMinuteOld) {
  table.set(job, cron("0 12 * * *"), at("2024-05-01T00:00:00Z"));
  table.set(other, once("2024-05-01T12:00:00Z"), std::nullopt);
  EXPECT_EQ(due("2024-05-01T12:01:00Z"), (Times{"2024-05-01T12:00:00.000Z", "2024-05-01T12:00:00.000Z"}));
  EXPECT_EQ(due("2024-05-02T12:01:00.001Z"), Times{"2024-05-02T12:00:00.000Z too late"});
}

TEST_F(TimetableTest, MissedMomentsAreOneTickForTheLastOfThem) {
  table.set(job, cron("0 * * * *", 120), at("2024-05-01T00:30:00Z"));
  EXPECT_EQ(due("2024-05-01T09:40:00Z"), Times{"2024-05-01T09:00:00.000Z"});
  EXPECT_EQ(table.next(job), at("2024-05-01T10:00:00Z"));
}

TEST_F(TimetableTest, AMonthOfMissedSecondsIsCrossedAtOnce) {
  table.set(job, cron("* * * * * *"), at("2024-05-01T00:00:00Z"));
  EXPECT_EQ(due("2024-06-01T00:00:00.500Z"), Times{"2024-06-01T00:00:00.000Z"});
}

TEST_F(TimetableTest, AClockPutForwardMakesOneTick) {
  table.set(job, cron("* * * * *"), at("2024-05-01T12:00:00Z"));
  EXPECT_EQ(due("2024-05-01T12:01:00Z").size(), 1u);
  EXPECT_EQ(due("2024-05-01T15:00:30Z"), Times{"2024-05-01T15:00:00.000Z"});
  EXPECT_EQ(due("2024-05-01T15:00:31Z"), Times());
}

TEST_F(TimetableTest, AClockPutBackRepeatsNoMoment) {
  table.set(job, cron("0 * * * *"), at("2024-05-01T11:30:00Z"));
  EXPECT_EQ(due("2024-05-01T12:00:00Z").size(), 1u);
  EXPECT_EQ(due("2024-05-01T11:59:00Z"), Times());
  EXPECT_EQ(due("2024-05-01T12:00:00Z"), Times());
  EXPECT_EQ(due("2024-05-01T13:00:00Z"), Times{"2024-05-01T13:00:00.000Z"});
}

TEST_F(TimetableTest, AClockThatWasWrongByYearsSilencesNoJobForYears) {
  table.set(job, cron("0 * * * *"), at("2024-05-01T11:30:00Z"));
  EXPECT_EQ(due("2031-05-01T12:00:00Z").size(), 1u);
  EXPECT_EQ(due("2024-05-01T11:40:00Z"), Times());
  EXPECT_EQ(table.next(job), at("2024-05-01T12:00:00Z"));
}

TEST_F(TimetableTest, AMomentCountedInAFutureThatNeverWasIsNotWaitedForAfterAStart) {
  table.set(job, every(60), at("2031-05-01T12:00:00Z"));
  EXPECT_EQ(due("2024-05-01T11:40:00Z"), Times());
  EXPECT_EQ(table.next(job), at("2024-05-01T12:40:00Z"));
}

TEST_F(TimetableTest, ATickSaysUntilWhenTheJobIsCountedThen) {
  table.set(job, every(60), at("2024-05-01T12:00:00Z"));
  const auto punctual = look("2024-05-01T13:00:00.010Z");
  EXPECT_EQ(punctual.at(0).counted_until, at("2024-05-01T13:00:00Z"));
  const auto late = look("2024-05-01T14:30:00Z");
  EXPECT_EQ(late.at(0).counted_until, at("2024-05-01T14:30:00Z"));
}

TEST_F(TimetableTest, JobsComeInTheOrderOfTheirTimes) {
  table.set(job, cron("30 12 * * *", 60), at("2024-05-01T00:00:00Z"));
  table.set(other, cron("0 12 * * *", 60), at("2024-05-01T00:00:00Z"));
  EXPECT_EQ(table.earliest(), at("2024-05-01T12:00:00Z"));
  EXPECT_EQ(due("2024-05-01T12:40:00Z"), (Times{"2024-05-01T12:00:00.000Z", "2024-05-01T12:30:00.000Z"}));
}

TEST_F(TimetableTest, ARemovedJobIsNeverDueAndANewTimingReplacesTheOldOne) {
  table.set(job, cron("0 12 * * *"), at("2024-05-01T00:00:00Z"));
  table.set(other, cron("0 12 * * *"), at("2024-05-01T00:00:00Z"));
  table.remove(job);
  table.set(other, cron("0 13 * * *"), at("2024-05-01T00:00:00Z"));
  EXPECT_EQ(due("2024-05-01T12:00:00Z"), Times());
  EXPECT_EQ(table.next(job), std::nullopt);
  EXPECT_EQ(table.next(other), at("2024-05-01T13:00:00Z"));
}

}  // namespace
}  // namespace poly::schedule
