// Lines while they are logged, for whoever watches.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/task.hpp"
#include "journal/execution.hpp"

namespace poly::journal {

class LiveLines final {
 public:
  struct Watch {
    std::optional<ResourceId> resource;    // only of this function
    std::optional<ExecutionId> execution;  // only of this run
    Executor executor;                     // on which `hear` is called
    std::function<void(const LogLine&)> hear;
  };
  // Dropping it ends the watch; drop it on the executor of the watch. Nothing is heard afterwards.
  using Subscription = std::shared_ptr<const Watch>;

  LiveLines() = default;
  LiveLines(const LiveLines&) = delete;
  LiveLines& operator=(const LiveLines&) = delete;

  [[nodiscard]] Subscription subscribe(Watch watch);

  // Any thread. Costs one look at a number while nobody watches.
  void publish(const LogLine& line);

 private:
  std::atomic<std::size_t> count_ = 0;  // of watches_, those that have ended included
  std::mutex mutex_;
  std::vector<std::weak_ptr<const Watch>> watches_;
};

}  // namespace poly::journal
