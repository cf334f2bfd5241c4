#include "schedule/scheduler.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "schedule/job_call.hpp"
#include "schedule/job_check.hpp"

namespace poly::schedule {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// The wall clock may be put forward while nobody looks: so often it is looked at.
constexpr std::chrono::seconds clock_look_max{30};
constexpr std::string_view server_stopped = "the server stopped";

bool runs_once(const spec::Job& job) {
  return job.schedule.type == spec::ScheduleType::on_time;
}

}  // namespace

// One run on its way.
struct Scheduler::Run {
  Run(catalog::ResourcePointer whose, Executor executor)
      : job(std::move(whose)), stored(executor), calls(executor, "calls of a job") {}

  milliseconds duration(const Clock& clock) const {
    return duration_cast<milliseconds>(clock.instant() - began);
  }

  const catalog::ResourcePointer job;
  JobRun record;
  std::optional<Timestamp> counted_until;
  Instant began;
  OneShot<bool> stored;
  TaskGroup calls;
  std::size_t next_function = 0;
  bool halted = false;  // no further function of it is called
  TimerWheel::Handle deadline;
};

struct Scheduler::Meters {
  explicit Meters(journal::Metrics& metrics)
      : under_way(metrics.gauge("openpoly_job_runs_under_way", "Runs of jobs that have not ended")),
        passed_over(metrics.counter("openpoly_job_times_passed_over_total",
                                    "Times of jobs that passed while the server was down and were too late")),
        start_delay(metrics.histogram("openpoly_job_start_delay_milliseconds",
                                      "From the time that a job is due to its start")) {
    for (const auto& [status, word] : enum_words<RunStatus>) {
      if (status == RunStatus::running) continue;
      by_status.emplace(status, &metrics.counter("openpoly_job_runs_total", "Runs of jobs that ended",
                                                 {{"status", std::string(word)}}));
    }
  }

  journal::Gauge& under_way;
  journal::Counter& passed_over;
  journal::Histogram& start_delay;
  std::map<RunStatus, journal::Counter*> by_status;
};

Scheduler::Scheduler(Parts parts, SchedulerLimits limits)
    : parts_(std::move(parts)),
      limits_(limits),
      meters_(std::make_unique<Meters>(parts_.metrics)),
      book_(parts_.store),
      alarm_(parts_.timers, [this] { look_at_clock(); }),
      tasks_(parts_.control, "jobs"),
      quiet_(parts_.control) {}

Scheduler::~Scheduler() = default;

Result<void> Scheduler::check(const spec::Job& job) {
  return check_job(job);
}

Task<void> Scheduler::start() {
  auto recovering = book_.recover(parts_.clock.now(), std::string(server_stopped));
  co_await std::move(recovering);
  auto reading = book_.counted();
  const auto counted = co_await std::move(reading);
  // No wait from here on: no change of the catalog is missed between what is read and what is listened to.
  parts_.catalog.here()->for_each([&](const catalog::ResourcePointer& resource) {
    const auto* job = resource->if_is<spec::Job>();
    if (!job || !job->enabled) return;
    const auto known = counted.find(resource->id);
    std::optional<Timestamp> counted_until;
    if (known != counted.end()) {
      counted_until = known->second;
    } else if (!runs_once(*job)) {
      counted_until = resource->created_at;
    }
    put_in_timetable(*resource, counted_until);
  });
  parts_.catalog.on_change([this](const catalog::Change& change) { follow(change); });
  look_at_clock();
}

void Scheduler::put_in_timetable(const catalog::Resource& job, std::optional<Timestamp> counted_until) {
  auto timing = Timing::of(job.as<spec::Job>().schedule);
  if (timing) return timetable_.set(job.id, std::move(*timing), counted_until);
  timetable_.remove(job.id);
  log(LogLevel::error, "a job never runs: its schedule cannot be read",
      {{"job", job.id.text()}, {"error", timing.error().message}});
}

// A new schedule counts from the change on, and so does a job that is enabled again. What stands elsewhere in
// the job is read when a run begins.
void Scheduler::follow(const catalog::Change& change) {
  const auto& any = change.after ? change.after : change.before;
  if (closing_ || any->kind() != spec::Kind::job) return;
  if (!change.after) {
    timetable_.remove(any->id);
    tasks_.spawn(book_.forget(any->id));
    return arm();
  }
  const auto& job = change.after->as<spec::Job>();
  const auto* before = change.before ? &change.before->as<spec::Job>() : nullptr;
  const bool new_schedule = !before || before->schedule != job.schedule;
  if (!job.enabled) {
    timetable_.remove(any->id);
  } else if (new_schedule || !before->enabled) {
    // A time that had passed before it was set is told to whoever set it, as a run that could not start.
    const bool may_lie_behind = new_schedule && runs_once(job);
    const auto counted_until = may_lie_behind ? std::nullopt : std::optional(parts_.clock.now());
    put_in_timetable(*change.after, counted_until);
    tasks_.spawn(book_.keep_counted(any->id, counted_until));
  }
  look_at_clock();
}

void Scheduler::look_at_clock() {
  if (closing_) return;
  for (const auto& tick : timetable_.take_due(parts_.clock.now())) start_due(tick);
  arm();
}

void Scheduler::arm() {
  const auto earliest = timetable_.earliest();
  if (!earliest) return alarm_.disarm();
  const milliseconds look_max = clock_look_max;
  alarm_.arm(std::clamp(*earliest - parts_.clock.now(), milliseconds(0), look_max));
}

void Scheduler::start_due(const Tick& tick) {
  auto job = parts_.catalog.here()->find(tick.job);
  if (!job) return;
  if (tick.too_late) {
    if (runs_once(job->as<spec::Job>())) {
      tasks_.spawn(record_refusal(
          job->id, tick, "it was due at " + to_iso(tick.due_at) + ", longer ago than its acceptable delay"));
    } else {
      meters_->passed_over.add();
    }
    return;
  }
  if (auto reason = obstacle(job->id)) return tasks_.spawn(record_refusal(job->id, tick, std::move(*reason)));
  meters_->start_delay.observe(parts_.clock.now() - tick.due_at);
  tasks_.spawn(carry_out(new_run(std::move(job), StartedBy::schedule, tick)));
}

// Why no run of the job can start now.
std::optional<std::string> Scheduler::obstacle(ResourceId job) const {
  if (const auto run = under_way_.find(job); run != under_way_.end()) {
    return "the execution " + run->second->record.id.text() + " of the job, started at " +
           to_iso(run->second->record.started_at) + ", is still under way";
  }
  if (under_way_.size() >= limits_.runs_at_once_max) {
    return std::to_string(limits_.runs_at_once_max) + " jobs are running already";
  }
  return std::nullopt;
}

std::shared_ptr<Scheduler::Run> Scheduler::new_run(catalog::ResourcePointer job, StartedBy started_by,
                                                   std::optional<Tick> tick) {
  auto run = std::make_shared<Run>(std::move(job), parts_.control);
  run->record.id = parts_.ids.make<JobRunId>();
  run->record.job = run->job->id;
  run->record.started_at = parts_.clock.now();
  run->record.detail.started_by = started_by;
  if (tick) {
    run->record.detail.due_at = tick->due_at;
    run->counted_until = tick->counted_until;
  }
  run->began = parts_.clock.instant();
  under_way_.emplace(run->job->id, run);
  meters_->under_way.add(1);
  return run;
}

Task<RunNow> Scheduler::trigger_now(catalog::ResourcePointer job) {
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping and starts no job");
  const auto newest = parts_.catalog.here()->find(job->id);
  if (!newest) throw Failure(ErrorKind::not_found, "the job was deleted meanwhile");
  if (auto reason = obstacle(job->id)) {
    const bool busy = under_way_.contains(job->id);
    throw Failure(busy ? ErrorKind::conflict : ErrorKind::too_many_requests,
                  *reason + "; try again when it has ended");
  }
  const auto run = new_run(newest, StartedBy::request, std::nullopt);
  tasks_.spawn(carry_out(run));
  auto storing = run->stored.wait();
  co_await std::move(storing);
  co_return RunNow{run->record.job, run->record.id, run->record.started_at};
}

Task<void> Scheduler::carry_out(std::shared_ptr<Run> run) {
  auto adding = attempt(book_.add(run->record, run->counted_until));
  auto added = co_await std::move(adding);
  if (!added) {
    log(LogLevel::error, "a job was not started: its run could not be stored",
        {{"job", run->record.job.text()}, {"error", added.error().message}});
    conclude(run->record, RunStatus::scheduling_error);
    drop(*run);
    run->stored.deliver(std::unexpected(std::move(added).error()));
    co_return;
  }
  run->stored.deliver(true);
  run->deadline = parts_.timers.schedule(limits_.run_time_max, [this, weak = std::weak_ptr(run)] {
    if (auto late = weak.lock()) run_out_of_time(std::move(late));
  });
  const auto& job = run->job->as<spec::Job>();
  const bool parallel = job.execution_type == spec::ExecutionType::parallel;
  const auto lanes = std::min(parallel ? limits_.calls_at_once_max : 1, job.functions.size());
  for (std::size_t lane = 0; lane < lanes; ++lane) run->calls.spawn(call_in_turn(run));
  auto joining = run->calls.join();
  co_await std::move(joining);
  run->deadline.reset();
  if (run->record.status == RunStatus::running) {
    const bool failed = std::ranges::any_of(run->record.detail.functions, &CallRecord::failed);
    conclude(run->record, failed ? RunStatus::with_call_error : RunStatus::finished);
  }
  run->record.duration_ms = run->duration(parts_.clock).count();
  auto saving = save(run);
  co_await std::move(saving);
  drop(*run);
}

void Scheduler::conclude(JobRun& record, RunStatus status) {
  record.status = status;
  meters_->by_status.at(status)->add();
}

void Scheduler::drop(const Run& run) {
  under_way_.erase(run.job->id);
  meters_->under_way.add(-1);
  if (closing_ && under_way_.empty()) quiet_.deliver(true);
}

// Each lane takes the next function when it is done with one: a sequential job has one lane. The rest goes on
// when a function fails.
Task<void> Scheduler::call_in_turn(std::shared_ptr<Run> run) {
  const auto count = run->job->as<spec::Job>().functions.size();
  while (!run->halted && run->next_function < count) {
    auto calling = call(run, run->next_function++);
    co_await std::move(calling);
  }
}

Task<void> Scheduler::call(std::shared_ptr<Run> run, std::size_t index) {
  const auto& wanted = run->job->as<spec::Job>().functions[index];
  auto& calls = run->record.detail.functions;  // `calls[index]` anew after each wait: others grow the list
  calls.push_back({.function = wanted.id});
  const auto began = parts_.clock.instant();
  std::optional<Error> problem;
  std::optional<int> chosen_status;
  try {
    auto call = call_of(*parts_.catalog.here(), *run->job, wanted);
    calls[index].path = call.function->path();
    calls[index].arguments = call.arguments;
    execution::Caller caller;
    caller.identity = execution::system_identity(run->job->tenant, run->job->environment);
    auto calling = parts_.run_function(call.function, std::move(call.arguments), std::move(caller));
    const auto outcome = co_await std::move(calling);
    calls[index].execution = outcome.id;
    calls[index].status_code = status_of(*call.function, outcome);
  } catch (const execution::RunFailure& failure) {
    calls[index].execution = failure.id();
    chosen_status = failure.status();
    problem = failure.error();
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  calls[index].duration_ms = duration_cast<milliseconds>(parts_.clock.instant() - began).count();
  if (!problem) co_return;
  calls[index].status_code = chosen_status.value_or(parts_.status_of(problem->kind));
  calls[index].error = shortened(std::move(problem->message));
}

void Scheduler::run_out_of_time(std::shared_ptr<Run> run) {
  if (run->record.status != RunStatus::running) return;
  run->halted = true;
  run->record.detail.reason =
      "it took longer than " +
      std::to_string(duration_cast<std::chrono::seconds>(limits_.run_time_max).count()) +
      " seconds; no further function was called, and those under way were not stopped";
  run->record.duration_ms = run->duration(parts_.clock).count();
  conclude(run->record, RunStatus::max_execution_time_reached);
  tasks_.spawn(save(std::move(run)));
}

Task<void> Scheduler::save(std::shared_ptr<Run> run) {
  auto updating = attempt(book_.update(run->record));
  const auto updated = co_await std::move(updating);
  if (updated) co_return;
  log(LogLevel::error, "how a job's run went was not stored",
      {{"job", run->record.job.text()}, {"run", run->record.id.text()}, {"error", updated.error().message}});
}

Task<void> Scheduler::record_refusal(ResourceId job, Tick tick, std::string reason) {
  JobRun record;
  record.id = parts_.ids.make<JobRunId>();
  record.job = job;
  record.started_at = parts_.clock.now();
  record.duration_ms = 0;
  record.detail.due_at = tick.due_at;
  record.detail.reason = std::move(reason);
  conclude(record, RunStatus::scheduling_error);
  auto adding = book_.add(std::move(record), tick.counted_until);
  co_await std::move(adding);
}

Task<void> Scheduler::close() {
  closing_ = true;
  alarm_.disarm();
  if (!under_way_.empty()) {
    const auto limit = parts_.timers.schedule(limits_.close_wait_max, [this] { quiet_.deliver(false); });
    auto waiting = quiet_.wait();
    co_await std::move(waiting);
  }
  std::vector<std::shared_ptr<Run>> left;
  for (const auto& [job, run] : under_way_) left.push_back(run);
  for (const auto& run : left) {
    run->halted = true;
    run->deadline.reset();
    if (run->record.status != RunStatus::running) continue;
    run->record.detail.reason = server_stopped;
    run->record.duration_ms = run->duration(parts_.clock).count();
    conclude(run->record, RunStatus::job_error);
    auto saving = save(run);
    co_await std::move(saving);
  }
  if (!left.empty()) co_return;
  auto joining = join();
  co_await std::move(joining);
}

Task<void> Scheduler::join() {
  auto joining = tasks_.join();
  co_await std::move(joining);
}

Task<std::vector<JobRun>> Scheduler::runs(ResourceId job, RunFilter filter) {
  return book_.list(job, filter);
}

Task<JobRun> Scheduler::run(ResourceId job, JobRunId id) {
  return book_.get(job, id);
}

Task<void> Scheduler::delete_run(ResourceId job, JobRunId id) {
  return book_.remove(job, id);
}

Task<void> Scheduler::delete_runs(ResourceId job) {
  return book_.remove_ended(job);
}

}  // namespace poly::schedule
