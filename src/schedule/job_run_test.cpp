// What a run does with its functions, and what is kept of it.
#include "schedule/job_run.hpp"

#include <gtest/gtest.h>

#include "outbound/envelope.hpp"
#include "schedule/job_call.hpp"
#include "schedule/testing.hpp"

namespace poly::schedule {
namespace {

using namespace std::chrono_literals;
using enum spec::ScheduleType;

using Paths = std::vector<std::string>;

struct JobRunTest : testing::Test {
  catalog::ResourcePointer job_of(std::vector<ResourceId> functions,
                                  spec::ExecutionType type = spec::ExecutionType::sequential) {
    const auto job = world.add_job({interval, 10, {}}, std::move(functions));
    return world.change(job, [&](spec::Job& edited) { edited.execution_type = type; });
  }
  JobRunId begin(const catalog::ResourcePointer& job) {
    return world.finish(world.scheduler().trigger_now(job)).run;
  }
  JobRun stored(const catalog::ResourcePointer& job, JobRunId id) {
    return world.finish(world.scheduler().run(job->id, id));
  }
  JobRun ran(const catalog::ResourcePointer& job) {
    const auto id = begin(job);
    world.settle();
    return stored(job, id);
  }
  Paths called() const {
    Paths paths;
    for (const auto& call : world.functions.calls) paths.push_back(call.path);
    return paths;
  }

  World world;
};

TEST_F(JobRunTest, AServerFunctionGetsItsThreePayloadsAndOnlyAsManyAsItTakes) {
  auto job = job_of({world.server_function("three"), world.server_function("one", 1)});
  job = world.change(job, [](spec::Job& edited) {
    for (auto& function : edited.functions) {
      function.event_payload = JsonObject{{"id", 7}};
      function.headers_payload = JsonObject{{"x-source", "job"}};
    }
  });
  const auto run = ran(job);
  EXPECT_EQ(to_text(world.functions.calls.at(0).arguments), R"([{"id":7},{"x-source":"job"},null])");
  EXPECT_EQ(to_text(world.functions.calls.at(1).arguments), R"([{"id":7}])");
  EXPECT_EQ(run.detail.functions.at(1).arguments, world.functions.calls.at(1).arguments);
}

TEST_F(JobRunTest, AnApiFunctionGetsTheEventPayloadAsItsArgumentsAndItsUpstreamStatusCounts) {
  const auto function = world.add(spec::ApiFunction{.head = {.name = "get", .context = "crm"}})->id;
  auto job = job_of({function});
  job =
      world.change(job, [](spec::Job& edited) { edited.functions[0].event_payload = JsonObject{{"id", 7}}; });
  const auto run = ran(job);
  EXPECT_EQ(to_text(world.functions.calls.at(0).arguments), R"({"id":7})");
  EXPECT_EQ(run.status, RunStatus::with_call_error);
  EXPECT_EQ(run.detail.functions.at(0).status_code, 503);
}

TEST_F(JobRunTest, TheStatusOfAnApiFunctionIsReadFromARealEnvelope) {
  const auto function = world.add(spec::ApiFunction{.head = {.name = "get", .context = "crm"}});
  http::ClientResponse response;
  response.status = 418;
  execution::Outcome outcome;
  outcome.body = outbound::envelope_of(response);
  EXPECT_EQ(status_of(*function, outcome), 418);
}

TEST_F(JobRunTest, FunctionsRunForTheEnvironmentOfTheJobAndMayOnlyExecute) {
  ran(job_of({world.server_function("sync")}));
  const auto& caller = world.functions.calls.at(0).caller;
  EXPECT_EQ(caller.identity->tenant.id, world.tenant);
  EXPECT_EQ(caller.identity->environment.id, world.environment);
  EXPECT_TRUE(caller.identity->may(identity::Permission::execute));
  EXPECT_FALSE(caller.identity->may(identity::Permission::manage_jobs));
  EXPECT_EQ(caller.depth, 0);
}

TEST_F(JobRunTest, SequentialFunctionsRunOneAfterTheOtherAlsoAfterAFailure) {
  const auto job =
      job_of({world.server_function("waits"), world.server_function("fails"), world.server_function("sync")});
  const auto id = begin(job);
  world.until_waiting(1);
  EXPECT_EQ(called(), Paths{"crm.waits"});
  world.functions.release();
  world.settle();
  EXPECT_EQ(called(), (Paths{"crm.waits", "crm.fails", "crm.sync"}));
  EXPECT_EQ(stored(job, id).status, RunStatus::with_call_error);
}

TEST_F(JobRunTest, ParallelFunctionsRunAtOnceUpToALimit) {
  const auto waits = world.server_function("waits");
  const std::vector<ResourceId> functions(world.limits.calls_at_once_max + 1, waits);
  const auto job = job_of(functions, spec::ExecutionType::parallel);
  const auto id = begin(job);
  world.until_waiting(world.limits.calls_at_once_max);
  EXPECT_EQ(called().size(), world.limits.calls_at_once_max);
  world.functions.release();
  world.until_waiting(1);
  world.functions.release();
  world.settle();
  EXPECT_EQ(stored(job, id).status, RunStatus::finished);
  EXPECT_EQ(stored(job, id).detail.functions.size(), functions.size());
}

TEST_F(JobRunTest, EachFunctionIsKeptWithItsExecutionStatusDurationAndError) {
  const auto ok = world.server_function("status201");
  const auto fails = world.server_function("waits_fails");
  const auto refused = world.server_function("status404");
  const auto job = job_of({ok, fails, refused});
  const auto id = begin(job);
  world.until_waiting(1);
  world.clock.advance(1500ms);
  world.functions.release();
  world.settle();
  const auto run = stored(job, id);
  const auto& calls = run.detail.functions;
  EXPECT_EQ(run.status, RunStatus::with_call_error);
  EXPECT_EQ(run.duration_ms, 1500);
  EXPECT_EQ(calls.at(0).function, ok);
  EXPECT_EQ(calls.at(0).path, "crm.status201");
  EXPECT_EQ(calls.at(0).execution, world.functions.calls.at(0).execution);
  EXPECT_EQ(calls.at(0).status_code, 201);
  EXPECT_EQ(calls.at(0).error, std::nullopt);
  EXPECT_EQ(calls.at(1).duration_ms, 1500);
  EXPECT_EQ(calls.at(2).status_code, 404);
}

TEST_F(JobRunTest, AThrownErrorIsKeptWithTheExecutionThatThrewIt) {
  const auto run = ran(job_of({world.server_function("fails")}));
  const auto& call = run.detail.functions.at(0);
  EXPECT_EQ(call.execution, world.functions.calls.at(0).execution);
  EXPECT_EQ(call.error, "it threw: no such contact");
  EXPECT_EQ(call.status_code, 500);
}

TEST_F(JobRunTest, AFunctionThatIsGoneIsACallErrorAndTheOthersRun) {
  const ResourceId gone{{{9}}};
  const auto run = ran(job_of({gone, world.server_function("sync")}));
  EXPECT_EQ(run.status, RunStatus::with_call_error);
  EXPECT_EQ(run.detail.functions.at(0).error, "there is no function with the id " + gone.text());
  EXPECT_EQ(run.detail.functions.at(0).status_code, 404);
  EXPECT_EQ(called(), Paths{"crm.sync"});
}

TEST_F(JobRunTest, AFunctionOfAnotherEnvironmentIsNotReached) {
  const EnvironmentId elsewhere{{{5}}};
  std::vector<store::Statement> batch;
  batch.push_back(
      store::statement("INSERT INTO environments (id, tenant_id, name, subdomain, created_at) "
                       "VALUES ($1, $2, 'other', 'other', 0)",
                       elsewhere, world.tenant));
  world.finish(world.data.store->write(std::move(batch)));
  const auto stranger = execution::system_identity(world.tenant, elsewhere);
  spec::ServerFunction hidden{.head = {.name = "hidden", .context = "crm"}};
  const auto function = world.finish(world.catalog().create(stranger, {.definition = std::move(hidden)}));
  const auto run = ran(job_of({function->id}));
  EXPECT_EQ(run.detail.functions.at(0).status_code, 404);
  EXPECT_EQ(called(), Paths());
}

TEST_F(JobRunTest, AKindThatTheServerDoesNotRunIsACallError) {
  const auto client = world.add(spec::ClientFunction{.head = {.name = "format", .context = "crm"}})->id;
  const auto run = ran(job_of({client}));
  EXPECT_EQ(run.detail.functions.at(0).error,
            "'crm.format' is a client function, and a job runs API functions and server functions");
}

TEST_F(JobRunTest, ARunPastItsTimeIsMarkedAndItsCallIsNotStopped) {
  const auto job = job_of({world.server_function("waits"), world.server_function("sync")});
  const auto id = begin(job);
  world.until_waiting(1);
  world.ring_after(world.limits.run_time_max + 10ms);
  world.finish(world.data.store->flush());
  EXPECT_EQ(stored(job, id).status, RunStatus::max_execution_time_reached);
  EXPECT_EQ(stored(job, id).detail.functions.at(0).status_code, std::nullopt);
  EXPECT_EQ(world.error_from(world.scheduler().trigger_now(job)).kind, ErrorKind::conflict);
  world.functions.release();
  world.settle();
  const auto ended = stored(job, id);
  EXPECT_EQ(ended.status, RunStatus::max_execution_time_reached);
  EXPECT_EQ(ended.detail.functions.at(0).status_code, 200);
  EXPECT_EQ(called(), Paths{"crm.waits"});
}

TEST_F(JobRunTest, ARunJustWithinItsTimeIsFinished) {
  const auto job = job_of({world.server_function("waits")});
  const auto id = begin(job);
  world.until_waiting(1);
  world.ring_after(world.limits.run_time_max - 10ms);
  world.functions.release();
  world.settle();
  EXPECT_EQ(stored(job, id).status, RunStatus::finished);
}

TEST_F(JobRunTest, RunsAreListedNewestFirstByStatusAndTimeWithoutArguments) {
  const auto good = job_of({world.server_function("sync")});
  const auto first = ran(good);
  world.clock.advance(1min);
  const auto second = ran(good);
  const auto listed = world.runs(good->id);
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, second.id);
  EXPECT_EQ(listed[1].id, first.id);
  EXPECT_TRUE(listed[0].detail.functions.at(0).arguments.is_null());
  EXPECT_EQ(world.runs(good->id, {.since = second.started_at}).size(), 1u);
  EXPECT_EQ(world.runs(good->id, {.limit = 1}).size(), 1u);
  EXPECT_EQ(world.runs(good->id, {.status = RunStatus::with_call_error}).size(), 0u);
  EXPECT_EQ(world.runs(good->id, {.status = RunStatus::finished}).size(), 2u);
}

TEST_F(JobRunTest, TheOldestRunsGoWhenThereAreTooMany) {
  const auto job = job_of({world.server_function("sync")});
  RunBook book(*world.data.store);
  for (std::int64_t i = 0; i < runs_kept_max; ++i) {
    const JobRun run{.id = world.ids.make<JobRunId>(),
                     .job = job->id,
                     .status = RunStatus::finished,
                     .started_at = world.clock.now() - 1h + std::chrono::milliseconds(i)};
    world.finish(book.add(run, std::nullopt));
  }
  const auto before = world.runs(job->id, {.limit = runs_listed_max});
  ASSERT_EQ(before.size(), static_cast<std::size_t>(runs_kept_max));
  const auto newest = ran(job);
  const auto after = world.runs(job->id, {.limit = runs_listed_max + 1});
  EXPECT_EQ(after.size(), static_cast<std::size_t>(runs_kept_max));
  EXPECT_EQ(after.front().id, newest.id);
  EXPECT_EQ(after.back().id, before[before.size() - 2].id);
}

TEST_F(JobRunTest, ARunIsDeletedByItselfOrWithAllOthersButNotUnderWay) {
  const auto job = job_of({world.server_function("waits")});
  const auto id = begin(job);
  world.until_waiting(1);
  EXPECT_EQ(world.error_from(world.scheduler().delete_run(job->id, id)).kind, ErrorKind::conflict);
  world.finish(world.scheduler().delete_runs(job->id));
  EXPECT_EQ(world.runs(job->id).size(), 1u);
  world.functions.release();
  world.settle();
  const ResourceId other_job{{{8}}};
  EXPECT_EQ(world.error_from(world.scheduler().delete_run(other_job, id)).kind, ErrorKind::not_found);
  world.finish(world.scheduler().delete_run(job->id, id));
  EXPECT_EQ(world.error_from(world.scheduler().run(job->id, id)).kind, ErrorKind::not_found);
}

TEST_F(JobRunTest, IsWrittenWithTheNamesOfTheProtocol) {
  const auto job = job_of({world.server_function("sync", 1)});
  const auto run = ran(job);
  const auto& call = run.detail.functions.at(0);
  EXPECT_EQ(to_text(encode(run)),
            R"({"id":")" + run.id.text() + R"(","jobId":")" + job->id.text() +
                R"(","status":"finished","duration":0,"processedOn":"2024-05-01T12:00:00.000Z",)"
                R"("startedBy":"request","functions":[{"functionId":")" +
                call.function.text() + R"(","path":"crm.sync","executionId":")" + call.execution->text() +
                R"(","statusCode":200,"durationMs":0,"arguments":[null]}]})");
}

TEST_F(JobRunTest, RunsAreCountedByTheirStatus) {
  ran(job_of({world.server_function("fails")}));
  EXPECT_NE(world.metrics.render().find(R"(openpoly_job_runs_total{status="with_call_error"} 1)"),
            std::string::npos);
}

TEST(Shortened, CutsALongErrorBetweenCharacters) {
  EXPECT_EQ(shortened("brief"), "brief");
  EXPECT_EQ(shortened(std::string(error_bytes_max, 'a')).size(), error_bytes_max);
  std::string text;
  while (text.size() <= error_bytes_max) text += "é";
  const auto cut = shortened(text);
  EXPECT_LE(cut.size(), error_bytes_max);
  EXPECT_TRUE(cut.ends_with("é … (cut)"));
}

}  // namespace
}  // namespace poly::schedule
