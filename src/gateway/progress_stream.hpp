// How a change goes on that takes its time, told line by line to whoever asks for it with
// `Accept: application/x-ndjson`, and what comes of it as the last line (docs/dependencies.md).
#pragma once

#include <memory>

#include "base/task_group.hpp"
#include "gateway/route.hpp"

namespace poly::gateway {

// The work goes on when its reader goes away: it is this object's, not its connection's.
class ProgressStreams final {
 public:
  explicit ProgressStreams(Executor control) : tasks_(control, "changes that are watched") {}
  ProgressStreams(const ProgressStreams&) = delete;
  ProgressStreams& operator=(const ProgressStreams&) = delete;

  static bool wanted(const Context& context);

  // Starts `work`, on the loop that this is called on, and answers with what it tells (Context::tell) and the
  // answer that it gives.
  Task<http::Response> answer(Context context, RouteHandler work);

  // On the control loop, when nothing new comes in any more: returns when all work has ended.
  Task<void> join() { return tasks_.join(); }

 private:
  Task<void> start(Task<void> work);

  TaskGroup tasks_;
};

}  // namespace poly::gateway
