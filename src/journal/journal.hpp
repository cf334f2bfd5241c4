// The front door of the journal: what happened, and what was said while it happened.
//
// Recording never waits: a row is handed to the store, which writes it with others a moment later. Reading
// first waits for what was handed over, so that a read sees everything that was recorded before it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "journal/execution.hpp"
#include "journal/live_lines.hpp"
#include "store/store.hpp"

namespace poly::journal {

inline constexpr std::size_t listed_max = 1'000;  // of executions or lines, whatever limit is asked for
inline constexpr std::chrono::days retention{30};

// What is absent does not narrow. The newest come first.
struct ExecutionFilter {
  EnvironmentId environment;
  std::optional<ResourceId> resource;
  std::optional<ExecutionId> parent;
  std::optional<Timestamp> since;
  std::optional<ExecutionStatus> status;
  std::size_t limit = 100;
};

// Lines of a function, of one execution, or both. The newest `limit` lines, oldest first.
struct LogFilter {
  std::optional<ResourceId> resource;
  std::optional<ExecutionId> execution;
  std::string keyword;  // somewhere in the line, in either case of ASCII letters; empty matches all
  std::optional<Timestamp> since;
  std::size_t limit = 100;
};

class Journal final {
 public:
  Journal(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Any thread. Dropped, and counted by the store, when the store's queue is full.
  void record(ExecutionRecord record) noexcept;
  // The caller bounds how much one execution may say.
  void log(LogLine line) noexcept;

  Task<std::vector<ExecutionRecord>> list(ExecutionFilter filter);
  // Throws Failure (not_found) when the environment has no such execution.
  Task<ExecutionRecord> get(EnvironmentId environment, ExecutionId id);
  // CHECKs that the filter names a resource or an execution.
  Task<std::vector<LogLine>> logs(LogFilter filter);
  Task<void> delete_logs(ResourceId resource);
  // What is logged from now on.
  LiveLines& live() { return live_; }

  // Deletes what is older than the retention, in batches small enough that other writes pass between them.
  Task<void> sweep();

 private:
  store::Store& store_;
  const Clock& clock_;
  LiveLines live_;
};

}  // namespace poly::journal
