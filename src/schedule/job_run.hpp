// One run of a job, as it is stored and shown (wire.md section 8.3; what the protocol does not name is ours).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/codec.hpp"

namespace poly::schedule {

using JobRunId = Id<struct JobRunTag>;

enum class RunStatus {
  running,
  finished,
  with_call_error,             // a function failed, or its status is 400 or more
  max_execution_time_reached,  // went past run_time_max; its calls were not stopped
  job_error,                   // the run itself broke off; `reason` says why
  scheduling_error,            // was due and did not start; `reason` says why
};

enum class StartedBy { schedule, request };

// How one function of a run went. A function that was not reached is not in the list.
struct CallRecord {
  ResourceId function;
  std::string path;                      // "" when the function is gone
  std::optional<ExecutionId> execution;  // absent while it runs, and when it could not be called
  std::optional<int> status_code;        // absent while it runs
  std::optional<std::int64_t> duration_ms;
  std::optional<std::string> error;
  Json arguments;  // left out in lists

  bool failed() const { return error || (status_code && *status_code >= 400); }

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("functionId", self.function);
    field.required("path", self.path);
    field.optional("executionId", self.execution);
    field.optional("statusCode", self.status_code);
    field.optional("durationMs", self.duration_ms);
    field.optional("error", self.error);
    field.optional("arguments", self.arguments);
  }
  bool operator==(const CallRecord&) const = default;
};

// What a run is stored with beside its columns.
struct RunDetail {
  StartedBy started_by = StartedBy::schedule;
  std::optional<Timestamp> due_at;  // the moment of the schedule that it stands for
  std::optional<std::string> reason;
  std::vector<CallRecord> functions;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("startedBy", self.started_by);
    field.optional("dueAt", self.due_at);
    field.optional("reason", self.reason);
    field.required("functions", self.functions);
  }
  bool operator==(const RunDetail&) const = default;
};

struct JobRun {
  JobRunId id;
  ResourceId job;
  RunStatus status = RunStatus::running;
  Timestamp started_at;
  std::optional<std::int64_t> duration_ms;  // absent while it runs
  RunDetail detail;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("id", self.id);
    field.required("jobId", self.job);
    field.required("status", self.status);
    field.optional("duration", self.duration_ms);
    field.required("processedOn", self.started_at);
    RunDetail::fields(self.detail, field);
  }
  bool operator==(const JobRun&) const = default;
};

// The answer of POST /jobs/{id}/trigger.
struct RunNow {
  ResourceId job;
  JobRunId run;
  Timestamp queued_at;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("jobId", self.job);
    field.required("runId", self.run);
    field.required("queuedAt", self.queued_at);
  }
  bool operator==(const RunNow&) const = default;
};

inline constexpr std::size_t runs_listed_max = 1'000;

struct RunFilter {
  std::optional<RunStatus> status;
  std::optional<Timestamp> since;  // started then or later
  std::size_t limit = 100;         // at most runs_listed_max are listed
};

}  // namespace poly::schedule

template <>
inline constexpr auto poly::enum_words<poly::schedule::RunStatus> =
    std::to_array<poly::EnumWord<poly::schedule::RunStatus>>({
        {poly::schedule::RunStatus::running, "running"},
        {poly::schedule::RunStatus::finished, "finished"},
        {poly::schedule::RunStatus::with_call_error, "with_call_error"},
        {poly::schedule::RunStatus::max_execution_time_reached, "max_execution_time_reached"},
        {poly::schedule::RunStatus::job_error, "job_error"},
        {poly::schedule::RunStatus::scheduling_error, "scheduling_error"},
    });
template <>
inline constexpr auto poly::enum_words<poly::schedule::StartedBy> =
    std::to_array<poly::EnumWord<poly::schedule::StartedBy>>({
        {poly::schedule::StartedBy::schedule, "schedule"},
        {poly::schedule::StartedBy::request, "request"},
    });
