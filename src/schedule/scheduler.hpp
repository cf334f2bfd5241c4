// Runs jobs at their times and on request, and keeps what became of each run.
//
// At most one run of a job is under way: a moment that falls into one is recorded as a scheduling_error. A
// run and the moment it stands for are stored together before its first function is called, so that no crash
// makes it start twice.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/one_shot.hpp"
#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "catalog/catalog.hpp"
#include "execution/execution.hpp"
#include "journal/metrics.hpp"
#include "schedule/job_run.hpp"
#include "schedule/run_book.hpp"
#include "schedule/timetable.hpp"

namespace poly::schedule {

struct SchedulerLimits {
  std::chrono::milliseconds run_time_max =
      std::chrono::minutes(10);          // of one run; its calls are not stopped by it
  std::size_t runs_at_once_max = 1'000;  // of all jobs
  std::size_t calls_at_once_max = 10;    // of one parallel run
  std::chrono::milliseconds close_wait_max = std::chrono::seconds(10);
};

using RunFunction = std::function<Task<execution::Outcome>(catalog::ResourcePointer function, Json arguments,
                                                           execution::Caller caller)>;

struct Parts {
  Executor control;
  store::Store& store;
  catalog::Catalog& catalog;
  RunFunction run_function;                 // Execution::run_anywhere
  std::function<int(ErrorKind)> status_of;  // with which HTTP status such an error is answered
  const Clock& clock;
  IdSource& ids;
  TimerWheel& timers;  // of the control loop
  journal::Metrics& metrics;
};

// All members belong to the control loop, but for runs, run, delete_run and delete_runs, which any loop may
// call.
class Scheduler final {
 public:
  explicit Scheduler(Parts parts, SchedulerLimits limits = {});
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // What is wrong with a job before it is created or changed: each line names a field, such as
  // `$.schedule.value: …`.
  static Result<void> check(const spec::Job& job);

  // Ends what a crash left running and follows the catalog from now on. After the catalog is loaded, once.
  Task<void> start();
  // Starts nothing more and waits up to close_wait_max; runs that take longer become job_error "the server
  // stopped".
  Task<void> close();
  // Returns when the last call has ended: after close(), and after the function runtime stopped, which ends
  // them.
  Task<void> join();

  // Starts a run now, of a disabled job too, and returns when it is stored. Throws conflict while a run of
  // the job is under way, unavailable while closing, too_many_requests at runs_at_once_max.
  Task<RunNow> trigger_now(catalog::ResourcePointer job);

  // Newest first.
  Task<std::vector<JobRun>> runs(ResourceId job, RunFilter filter);
  // With the arguments of each function. Throws not_found.
  Task<JobRun> run(ResourceId job, JobRunId id);
  // Throws not_found, or conflict when it is under way.
  Task<void> delete_run(ResourceId job, JobRunId id);
  // All but the one that is under way.
  Task<void> delete_runs(ResourceId job);

  // When the job is due next; nothing when it is disabled, or its only time has passed.
  std::optional<Timestamp> next_run(ResourceId job) const { return timetable_.next(job); }

 private:
  struct Run;
  struct Meters;

  void follow(const catalog::Change& change);
  void put_in_timetable(const catalog::Resource& job, std::optional<Timestamp> counted_until);
  void look_at_clock();
  void arm();
  void start_due(const Tick& tick);
  std::optional<std::string> obstacle(ResourceId job) const;
  std::shared_ptr<Run> new_run(catalog::ResourcePointer job, StartedBy started_by, std::optional<Tick> tick);
  void conclude(JobRun& record, RunStatus status);
  void run_out_of_time(std::shared_ptr<Run> run);
  void drop(const Run& run);

  Task<void> carry_out(std::shared_ptr<Run> run);
  Task<void> call_in_turn(std::shared_ptr<Run> run);
  Task<void> call(std::shared_ptr<Run> run, std::size_t index);
  Task<void> record_refusal(ResourceId job, Tick tick, std::string reason);
  Task<void> save(std::shared_ptr<Run> run);

  Parts parts_;
  const SchedulerLimits limits_;
  std::unique_ptr<Meters> meters_;
  RunBook book_;
  Timetable timetable_;
  std::unordered_map<ResourceId, std::shared_ptr<Run>> under_way_;
  TimerWheel::Timer alarm_;
  TaskGroup tasks_;
  bool closing_ = false;
  OneShot<bool> quiet_;  // delivered while closing: whether all runs have ended
};

}  // namespace poly::schedule
