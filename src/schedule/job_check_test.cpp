#include "schedule/job_check.hpp"

#include <gtest/gtest.h>

#include "schedule/scheduler.hpp"

namespace poly::schedule {
namespace {

using Lines = std::vector<std::string>;
using enum spec::ScheduleType;

spec::Job job_with(spec::JobSchedule schedule) {
  return {.name = "nightly", .schedule = std::move(schedule), .functions = {{.id = ResourceId{{{1}}}}}};
}
spec::Job good_job() {
  return job_with({periodical, "0 12 * * *", {}});
}
Lines wrong(const spec::Job& job) {
  const auto checked = Scheduler::check(job);
  return checked ? Lines() : checked.error().details;
}
Lines wrong_schedule(spec::ScheduleType type, Json value, std::optional<int> delay = {}) {
  return wrong(job_with({type, std::move(value), delay}));
}

TEST(JobCheck, AcceptsEveryKindOfSchedule) {
  EXPECT_EQ(wrong_schedule(periodical, "*/5 8-18 * * MON-FRI", 10), Lines());
  EXPECT_EQ(wrong_schedule(interval, 1), Lines());
  EXPECT_EQ(wrong_schedule(interval, interval_minutes_max, delay_minutes_max), Lines());
  EXPECT_EQ(wrong_schedule(on_time, "2024-05-01T12:00:00Z", 0), Lines());
}

TEST(JobCheck, NamesTheFieldAndThePlaceInACronExpression) {
  EXPECT_EQ(wrong_schedule(periodical, "0 25 * * *"),
            Lines{"$.schedule.value: cron expression '0 25 * * *': hour at position 3: '25' is not between 0 "
                  "and 23"});
  EXPECT_EQ(wrong_schedule(periodical, 5),
            Lines{"$.schedule.value: a periodical schedule needs a cron expression as a string"});
}

TEST(JobCheck, ACronExpressionHasALimit) {
  constexpr std::size_t expression_bytes_max = 1'000;
  const std::string rest = " 12 * * *";
  std::string minutes = "0";
  while (minutes.size() + rest.size() < expression_bytes_max) minutes += ",0";
  ASSERT_EQ(minutes.size() + rest.size(), expression_bytes_max);
  EXPECT_EQ(wrong_schedule(periodical, Json(minutes + rest)), Lines());
  EXPECT_EQ(wrong_schedule(periodical, Json("0" + minutes + rest)),
            Lines{"$.schedule.value: a cron expression has at most 1000 characters"});
}

TEST(JobCheck, AnIntervalIsAWholeNumberOfMinutesInRange) {
  const Lines refused{"$.schedule.value: an interval is a whole number of minutes between 1 and 527040"};
  EXPECT_EQ(wrong_schedule(interval, 0), refused);
  EXPECT_EQ(wrong_schedule(interval, -5), refused);
  EXPECT_EQ(wrong_schedule(interval, 1.5), refused);
  EXPECT_EQ(wrong_schedule(interval, "5"), refused);
  EXPECT_EQ(wrong_schedule(interval, interval_minutes_max + 1), refused);
  EXPECT_EQ(wrong_schedule(interval, 1e300), refused);
}

TEST(JobCheck, OneTimeIsAnIsoTimeWithAZone) {
  EXPECT_EQ(wrong_schedule(on_time, "2024-05-01 12:00"),
            Lines{"$.schedule.value: '2024-05-01 12:00' is not an ISO 8601 time with a zone, such as "
                  "2024-05-01T12:30:00Z"});
  EXPECT_EQ(wrong_schedule(on_time, nullptr),
            Lines{"$.schedule.value: an on_time schedule needs an ISO 8601 time as a string"});
}

TEST(JobCheck, AnAcceptableDelayHasALimitOnBothSides) {
  const Lines refused{"$.schedule.acceptableDelayTime: is a whole number of minutes between 0 and 44640"};
  EXPECT_EQ(wrong_schedule(interval, 5, -1), refused);
  EXPECT_EQ(wrong_schedule(interval, 5, delay_minutes_max + 1), refused);
}

TEST(JobCheck, AJobHasBetweenOneAndAHundredFunctions) {
  auto job = good_job();
  job.functions.resize(functions_max, job.functions[0]);
  EXPECT_EQ(wrong(job), Lines());
  job.functions.push_back(job.functions[0]);
  EXPECT_EQ(wrong(job), Lines{"$.functions: has 101 functions, more than 100"});
  job.functions.clear();
  EXPECT_EQ(wrong(job), Lines{"$.functions: needs at least one function"});
}

TEST(JobCheck, PayloadsHaveALimitTogether) {
  auto job = good_job();
  job.functions[0].event_payload = std::string(payload_bytes_max - 4, 'a');
  job.functions[0].params_payload = JsonObject();
  EXPECT_EQ(wrong(job), Lines());
  job.functions[0].headers_payload = 1;
  EXPECT_EQ(wrong(job), Lines{"$.functions: their payloads have 65537 bytes, more than 65536"});
}

TEST(JobCheck, ANameIsNotBlankAndNotTooLong) {
  auto job = good_job();
  job.name = std::string(name_bytes_max, 'a');
  EXPECT_EQ(wrong(job), Lines());
  job.name += "a";
  EXPECT_EQ(wrong(job), Lines{"$.name: has 201 bytes, more than 200"});
  job.name = " \t";
  EXPECT_EQ(wrong(job), Lines{"$.name: must not be empty"});
}

TEST(JobCheck, TellsEverythingThatIsWrongAtOnce) {
  const spec::Job job{.schedule = {interval, 0, {}}};
  EXPECT_EQ(wrong(job).size(), 3u);
  EXPECT_EQ(Scheduler::check(job).error().kind, ErrorKind::bad_request);
}

}  // namespace
}  // namespace poly::schedule
