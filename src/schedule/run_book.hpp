// Runs of jobs in the store, and up to which moment each job is counted (see timetable.hpp).
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "schedule/job_run.hpp"
#include "store/store.hpp"

namespace poly::schedule {

// Of one job; older ones are deleted when a new one comes.
inline constexpr std::int64_t runs_kept_max = 1'000;

using CountedUntil = std::unordered_map<ResourceId, Timestamp>;

class RunBook final {
 public:
  explicit RunBook(store::Store& store) : store_(store) {}
  RunBook(const RunBook&) = delete;
  RunBook& operator=(const RunBook&) = delete;

  // A new run and the moment that the job is counted up to, both or none.
  Task<void> add(JobRun run, std::optional<Timestamp> counted_until);
  // Replaces the status, duration and detail of a run that is still there.
  Task<void> update(JobRun run);

  // Nothing forgets what was counted.
  Task<void> keep_counted(ResourceId job, std::optional<Timestamp> counted_until);
  Task<CountedUntil> counted();

  // Newest first, without arguments.
  Task<std::vector<JobRun>> list(ResourceId job, RunFilter filter);
  // Throws not_found.
  Task<JobRun> get(ResourceId job, JobRunId id);
  // Throws not_found, or conflict when it is running.
  Task<void> remove(ResourceId job, JobRunId id);
  Task<void> remove_ended(ResourceId job);
  // The job's runs and what was counted of it.
  Task<void> forget(ResourceId job);

  // After a crash: running ones become job_error with `reason`, and what belongs to deleted jobs goes.
  Task<void> recover(Timestamp now, std::string reason);

 private:
  store::Store& store_;
};

}  // namespace poly::schedule
