#include <gtest/gtest.h>

#include "schedule/testing.hpp"

namespace poly::schedule {
namespace {

using namespace std::chrono_literals;
using enum spec::ScheduleType;

using Statuses = std::vector<RunStatus>;
using Paths = std::vector<std::string>;

// The clock starts at 12:00.
struct SchedulerTest : testing::Test {
  Statuses statuses(const catalog::ResourcePointer& job) {
    Statuses out;
    for (const auto& run : world.runs(job->id)) out.push_back(run.status);
    return out;
  }
  std::size_t called() const { return world.functions.calls.size(); }
  std::optional<Timestamp> next(const catalog::ResourcePointer& job) {
    return world.scheduler().next_run(job->id);
  }
  // The last run, with all that is kept of it.
  JobRun last(const catalog::ResourcePointer& job) {
    const auto listed = world.runs(job->id, {.limit = 1});
    CHECK(!listed.empty());
    return world.finish(world.scheduler().run(job->id, listed[0].id));
  }
  catalog::ResourcePointer trigger(const catalog::ResourcePointer& job) {
    world.finish(world.scheduler().trigger_now(job));
    return job;
  }
  static Timestamp at(std::string_view iso) { return value_or_throw(parse_iso(iso)); }

  World world;
};

TEST_F(SchedulerTest, APeriodicalJobRunsAtItsTime) {
  const auto job = world.add_job({periodical, "30 12 * * *", {}}, {world.server_function("sync")});
  world.pass(30min - 1ms);
  EXPECT_EQ(called(), 0u);
  world.pass(10ms);
  EXPECT_EQ(called(), 1u);
  EXPECT_EQ(statuses(job), Statuses{RunStatus::finished});
  EXPECT_EQ(last(job).detail.due_at, at("2024-05-01T12:30:00Z"));
  EXPECT_EQ(next(job), at("2024-05-02T12:30:00Z"));
}

TEST_F(SchedulerTest, AnIntervalRunsAgainAndAgain) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  for (int i = 0; i < 3; ++i) world.pass(10min);
  EXPECT_EQ(called(), 3u);
  EXPECT_EQ(next(job), at("2024-05-01T12:40:00Z"));
}

TEST_F(SchedulerTest, AJobForOneTimeRunsOnce) {
  const auto job = world.add_job({on_time, "2024-05-01T12:05:00Z", {}}, {world.server_function("sync")});
  EXPECT_EQ(next(job), at("2024-05-01T12:05:00Z"));
  world.pass(5min);
  world.pass(24h);
  EXPECT_EQ(called(), 1u);
  EXPECT_EQ(next(job), std::nullopt);
}

TEST_F(SchedulerTest, ATimeThatHasPassedWhenItIsSetIsRecordedAsNotStarted) {
  const auto job = world.add_job({on_time, "2024-05-01T11:00:00Z", {}}, {world.server_function("sync")});
  world.settle();
  EXPECT_EQ(called(), 0u);
  EXPECT_EQ(statuses(job), Statuses{RunStatus::scheduling_error});
  EXPECT_EQ(last(job).detail.reason,
            "it was due at 2024-05-01T11:00:00.000Z, longer ago than its acceptable delay");
}

TEST_F(SchedulerTest, TheClockIsLookedAtAlthoughNothingIsDueSoon) {
  world.add_job({periodical, "0 18 * * *", {}}, {world.server_function("sync")});
  world.pass(30s);  // the alarm rings and finds nothing
  world.clock.advance(6h);
  world.pass(0s);
  EXPECT_EQ(called(), 1u);
}

TEST_F(SchedulerTest, AChangedScheduleHoldsAtOnceAndCountsFromTheChange) {
  auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  world.pass(5min);
  job = world.change(job, [](spec::Job& edited) { edited.schedule.value = 7; });
  EXPECT_EQ(next(job), at("2024-05-01T12:12:00Z"));
  world.pass(5min);
  EXPECT_EQ(called(), 0u);
  world.pass(2min);
  EXPECT_EQ(called(), 1u);
}

TEST_F(SchedulerTest, AChangeBesideTheScheduleLeavesTheTimesAsTheyWere) {
  auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  world.pass(5min);
  job = world.change(job, [](spec::Job& edited) { edited.name = "renamed"; });
  EXPECT_EQ(next(job), at("2024-05-01T12:10:00Z"));
}

TEST_F(SchedulerTest, ADisabledJobIsNotDueUntilItIsEnabledAgain) {
  auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  job = world.change(job, [](spec::Job& edited) { edited.enabled = false; });
  EXPECT_EQ(next(job), std::nullopt);
  world.pass(1h);
  EXPECT_EQ(called(), 0u);
  job = world.change(job, [](spec::Job& edited) { edited.enabled = true; });
  EXPECT_EQ(next(job), at("2024-05-01T13:10:00Z"));
}

TEST_F(SchedulerTest, AJobForOneTimeThatRanDoesNotRunAgainWhenItIsEnabledAgain) {
  auto job = world.add_job({on_time, "2024-05-01T12:05:00Z", {}}, {world.server_function("sync")});
  world.pass(5min);
  job = world.change(job, [](spec::Job& edited) { edited.enabled = false; });
  job = world.change(job, [](spec::Job& edited) { edited.enabled = true; });
  world.pass(10s);
  EXPECT_EQ(statuses(job), Statuses{RunStatus::finished});
}

TEST_F(SchedulerTest, ADeletedJobNeverRunsAndItsRunsAreGone) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  world.pass(10min);
  EXPECT_EQ(statuses(job), Statuses{RunStatus::finished});
  world.finish(world.catalog().remove(job));
  world.pass(1h);
  EXPECT_EQ(called(), 1u);
  EXPECT_EQ(statuses(job), Statuses());
}

TEST_F(SchedulerTest, AMomentThatFallsIntoARunIsRecordedAndNotRun) {
  const auto job = world.add_job({interval, 1, {}}, {world.server_function("waits")});
  world.ring_after(1min);
  world.until_waiting(1);
  world.ring_after(1min);
  world.finish(world.data.store->flush());
  EXPECT_EQ(statuses(job), (Statuses{RunStatus::scheduling_error, RunStatus::running}));
  const auto refused = last(job);
  const auto running = world.runs(job->id, {.status = RunStatus::running});
  EXPECT_EQ(refused.detail.reason,
            "the execution " + running.at(0).id.text() +
                " of the job, started at 2024-05-01T12:01:00.000Z, is still under way");
  EXPECT_EQ(refused.detail.due_at, at("2024-05-01T12:02:00Z"));
  world.functions.release();
  world.settle();
  EXPECT_EQ(called(), 1u);
  world.ring_after(1min);
  world.until_waiting(1);
  EXPECT_EQ(called(), 2u);
}

TEST_F(SchedulerTest, ARunAtRequestAnswersAtOnceAndRunsADisabledJobToo) {
  auto job = world.add_job({interval, 10, {}}, {world.server_function("waits")});
  job = world.change(job, [](spec::Job& edited) { edited.enabled = false; });
  const auto answer = world.finish(world.scheduler().trigger_now(job));
  EXPECT_EQ(answer.job, job->id);
  EXPECT_EQ(answer.queued_at, at(World::start_time));
  EXPECT_EQ(last(job).status, RunStatus::running);
  EXPECT_EQ(last(job).id, answer.run);
  world.until_waiting(1);
  world.functions.release();
  world.settle();
  EXPECT_EQ(last(job).status, RunStatus::finished);
  EXPECT_EQ(last(job).detail.started_by, StartedBy::request);
  EXPECT_EQ(last(job).detail.due_at, std::nullopt);
}

TEST_F(SchedulerTest, ARunAtRequestLeavesTheTimesAsTheyWere) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  world.pass(5min);
  trigger(job);
  EXPECT_EQ(next(job), at("2024-05-01T12:10:00Z"));
}

TEST_F(SchedulerTest, ASecondRunAtRequestIsAConflict) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("waits")});
  trigger(job);
  EXPECT_EQ(world.error_from(world.scheduler().trigger_now(job)).kind, ErrorKind::conflict);
}

TEST_F(SchedulerTest, ARunAtRequestOfADeletedJobIsNotFound) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("sync")});
  world.finish(world.catalog().remove(job));
  EXPECT_EQ(world.error_from(world.scheduler().trigger_now(job)).kind, ErrorKind::not_found);
}

TEST_F(SchedulerTest, RunsOfAllJobsHaveALimit) {
  world.stop();
  world.limits.runs_at_once_max = 1;
  world.start();
  const auto waits = world.server_function("waits");
  const auto first = world.add_job({interval, 10, {}}, {waits});
  const auto second = world.add_job({interval, 10, {}}, {waits});
  trigger(first);
  EXPECT_EQ(world.error_from(world.scheduler().trigger_now(second)).kind, ErrorKind::too_many_requests);
  world.until_waiting(1);
  world.functions.release();
  world.settle();
  trigger(second);
}

TEST_F(SchedulerTest, AfterAStartAMissedMomentIsSkippedUnlessItsDelayIsAcceptable) {
  const auto function = world.server_function("sync");
  const auto strict = world.add_job({periodical, "0 13 * * *", {}}, {function});
  const auto patient = world.add_job({periodical, "0 13 * * *", 60}, {function});
  world.stop();
  world.clock.advance(90min);
  world.start();
  world.settle();
  EXPECT_EQ(statuses(strict), Statuses());
  EXPECT_EQ(statuses(patient), Statuses{RunStatus::finished});
  EXPECT_EQ(last(patient).detail.due_at, at("2024-05-01T13:00:00Z"));
  EXPECT_EQ(next(strict), at("2024-05-02T13:00:00Z"));
}

TEST_F(SchedulerTest, AfterAStartNoMomentThatRanBeforeRunsAgainAlthoughItsRunWasDeleted) {
  const auto job = world.add_job({periodical, "0 13 * * *", 60}, {world.server_function("sync")});
  const auto once = world.add_job({on_time, "2024-05-01T13:00:00Z", 60}, {world.server_function("sync2")});
  world.pass(1h);
  EXPECT_EQ(called(), 2u);
  world.finish(world.scheduler().delete_runs(job->id));
  world.finish(world.scheduler().delete_runs(once->id));
  world.stop();
  world.clock.advance(10min);
  world.start();
  world.settle();
  EXPECT_EQ(called(), 2u);
  EXPECT_EQ(next(once), std::nullopt);
}

TEST_F(SchedulerTest, AfterAStartAnIntervalGoesOnFromItsLastRun) {
  const auto job = world.add_job({interval, 60, {}}, {world.server_function("sync")});
  world.pass(60min);
  world.stop();
  world.clock.advance(20min);
  world.start();
  EXPECT_EQ(next(job), at("2024-05-01T14:00:00Z"));
}

TEST_F(SchedulerTest, AfterAStartARunThatACrashCutShortIsAJobError) {
  const auto job = world.add_job({interval, 60, {}}, {world.server_function("sync")});
  world.stop();
  JobRun cut{.id = world.ids.make<JobRunId>(), .job = job->id, .started_at = world.clock.now()};
  world.finish(RunBook(*world.data.store).add(cut, std::nullopt));
  world.clock.advance(5s);
  world.start();
  const auto run = last(job);
  EXPECT_EQ(run.status, RunStatus::job_error);
  EXPECT_EQ(run.detail.reason, "the server stopped");
  EXPECT_EQ(run.duration_ms, 5'000);
}

TEST_F(SchedulerTest, AfterAStartWhatACrashLeftOfADeletedJobIsGone) {
  const auto job = world.add_job({interval, 60, {}}, {world.server_function("sync")});
  world.pass(60min);
  world.stop();
  std::vector<store::Statement> batch;
  batch.push_back(store::statement("DELETE FROM resources WHERE id = $1", job->id));
  world.finish(world.data.store->write(std::move(batch)));
  world.start();
  EXPECT_EQ(statuses(job), Statuses());
}

TEST_F(SchedulerTest, ClosingWaitsForWhatIsUnderWayAndStartsNothing) {
  const auto job = world.add_job({interval, 10, {}}, {world.server_function("waits")});
  trigger(job);
  world.until_waiting(1);
  bool closed = false;
  boost::asio::co_spawn(world.control, world.scheduler().close(), [&](std::exception_ptr) { closed = true; });
  EXPECT_EQ(world.error_from(world.scheduler().trigger_now(job)).kind, ErrorKind::unavailable);
  EXPECT_FALSE(closed);
  world.functions.release();
  world.run_until([&] { return closed; });
  EXPECT_EQ(statuses(job), Statuses{RunStatus::finished});
}

TEST_F(SchedulerTest, ClosingGivesUpOnARunThatTakesTooLong) {
  const auto job =
      world.add_job({interval, 10, {}}, {world.server_function("waits"), world.server_function("sync")});
  trigger(job);
  world.until_waiting(1);
  bool closed = false;
  boost::asio::co_spawn(world.control, world.scheduler().close(), [&](std::exception_ptr) { closed = true; });
  world.finish(world.data.store->flush());
  world.ring_after(world.limits.close_wait_max + 10ms);
  world.run_until([&] { return closed; });
  EXPECT_EQ(last(job).status, RunStatus::job_error);
  EXPECT_EQ(last(job).detail.reason, "the server stopped");
  world.functions.release();
  world.settle();
  EXPECT_EQ(called(), 1u);
  EXPECT_EQ(last(job).status, RunStatus::job_error);
}

}  // namespace
}  // namespace poly::schedule
