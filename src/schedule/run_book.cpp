#include "schedule/run_book.hpp"

namespace poly::schedule {
namespace {

using store::Row;
using store::Statement;
using store::statement;

std::string stored_detail(const RunDetail& detail) {
  return encode_text(detail);
}

Statement insert_run(const JobRun& run) {
  return statement(
      "INSERT INTO job_runs (id, job_id, status, started_at, duration_ms, detail) VALUES ($1, $2, $3, $4, "
      "$5, $6)",
      run.id, run.job, word_of(run.status), run.started_at, run.duration_ms, stored_detail(run.detail));
}

Statement update_run(const JobRun& run) {
  return statement("UPDATE job_runs SET status = $2, duration_ms = $3, detail = $4 WHERE id = $1", run.id,
                   word_of(run.status), run.duration_ms, stored_detail(run.detail));
}

Statement delete_oldest(ResourceId job) {
  return statement(
      "DELETE FROM job_runs WHERE job_id = $1 AND status <> 'running' AND started_at < "
      "(SELECT started_at FROM job_runs WHERE job_id = $1 ORDER BY started_at DESC LIMIT 1 OFFSET $2)",
      job, runs_kept_max - 1);
}

Statement count_until(ResourceId job, Timestamp moment) {
  return statement(
      "INSERT INTO job_counts (job_id, counted_until) VALUES ($1, $2) "
      "ON CONFLICT (job_id) DO UPDATE SET counted_until = excluded.counted_until",
      job, moment);
}

Statement forget_count(ResourceId job) {
  return statement("DELETE FROM job_counts WHERE job_id = $1", job);
}

JobRun run_of(const Row& row) {
  JobRun run;
  run.id = row.id<JobRunId>(0);
  run.job = row.id<ResourceId>(1);
  const auto status = enum_of<RunStatus>(row.text(2));
  if (!status)
    throw Failure(ErrorKind::internal, "the store has a job run of the unknown status " + row.text(2));
  run.status = *status;
  run.started_at = row.time(3);
  run.duration_ms = row.integer_or_null(4);
  run.detail = value_or_throw(decode<RunDetail>(value_or_throw(parse_json(row.text(5), "job_runs.detail"))));
  return run;
}

}  // namespace

Task<void> RunBook::add(JobRun run, std::optional<Timestamp> counted_until) {
  std::vector<Statement> batch;
  batch.push_back(insert_run(run));
  batch.push_back(delete_oldest(run.job));
  if (counted_until) batch.push_back(count_until(run.job, *counted_until));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<void> RunBook::update(JobRun run) {
  std::vector<Statement> batch;
  batch.push_back(update_run(run));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<void> RunBook::keep_counted(ResourceId job, std::optional<Timestamp> counted_until) {
  std::vector<Statement> batch;
  batch.push_back(counted_until ? count_until(job, *counted_until) : forget_count(job));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<CountedUntil> RunBook::counted() {
  auto query = statement("SELECT job_id, counted_until FROM job_counts");
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  CountedUntil counted;
  for (const auto row : rows) counted.emplace(row.id<ResourceId>(0), row.time(1));
  co_return counted;
}

Task<std::vector<JobRun>> RunBook::list(ResourceId job, RunFilter filter) {
  std::optional<std::string> status;
  if (filter.status) status = word_of(*filter.status);
  auto query = statement(
      "SELECT id, job_id, status, started_at, duration_ms, detail FROM job_runs WHERE job_id = $1 AND "
      "($2 IS NULL OR status = $2) AND ($3 IS NULL OR started_at >= $3) "
      "ORDER BY started_at DESC, id DESC LIMIT $4",
      job, status, filter.since, static_cast<std::int64_t>(std::min(filter.limit, runs_listed_max)));
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  std::vector<JobRun> runs;
  for (const auto row : rows) {
    auto run = run_of(row);
    for (auto& call : run.detail.functions) call.arguments = nullptr;
    runs.push_back(std::move(run));
  }
  co_return runs;
}

Task<JobRun> RunBook::get(ResourceId job, JobRunId id) {
  auto query = statement(
      "SELECT id, job_id, status, started_at, duration_ms, detail FROM job_runs WHERE id = $1 AND job_id = "
      "$2",
      id, job);
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  if (rows.empty()) throw Failure(ErrorKind::not_found, "the job has no execution " + id.text());
  co_return run_of(rows[0]);
}

Task<void> RunBook::remove(ResourceId job, JobRunId id) {
  auto finding = get(job, id);
  const auto run = co_await std::move(finding);
  if (run.status == RunStatus::running) {
    throw Failure(ErrorKind::conflict,
                  "execution " + id.text() + " is under way; delete it when it has ended");
  }
  std::vector<Statement> batch;
  batch.push_back(statement("DELETE FROM job_runs WHERE id = $1", id));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<void> RunBook::remove_ended(ResourceId job) {
  std::vector<Statement> batch;
  batch.push_back(statement("DELETE FROM job_runs WHERE job_id = $1 AND status <> 'running'", job));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<void> RunBook::forget(ResourceId job) {
  std::vector<Statement> batch;
  batch.push_back(statement("DELETE FROM job_runs WHERE job_id = $1", job));
  batch.push_back(forget_count(job));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

Task<void> RunBook::recover(Timestamp now, std::string reason) {
  auto query = statement(
      "SELECT id, job_id, status, started_at, duration_ms, detail FROM job_runs WHERE status = 'running'");
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  std::vector<Statement> batch;
  for (const auto row : rows) {
    auto run = run_of(row);
    run.status = RunStatus::job_error;
    run.detail.reason = reason;
    run.duration_ms = std::max<std::int64_t>(0, (now - run.started_at).count());
    batch.push_back(update_run(run));
  }
  batch.push_back(
      statement("DELETE FROM job_runs WHERE job_id NOT IN (SELECT id FROM resources WHERE kind = 'job')"));
  batch.push_back(
      statement("DELETE FROM job_counts WHERE job_id NOT IN (SELECT id FROM resources WHERE kind = 'job')"));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
}

}  // namespace poly::schedule
