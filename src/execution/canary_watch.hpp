// Ends the trials of new revisions: looks again and again at how the calls of both revisions end, and moves
// all calls to the one that a verdict is for. On the control loop.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "catalog/catalog.hpp"
#include "execution/revision_outcomes.hpp"

namespace poly::execution {

inline constexpr std::chrono::milliseconds canary_looked_at_every{1'000};

struct CanaryParts {
  Executor control;
  TimerWheel& wheel;  // of the control loop
  const Clock& clock;
  catalog::Catalog& catalog;
  std::function<Task<std::vector<RevisionOutcomes>>(ResourceId)> outcomes_of;
};

class CanaryWatch final {
 public:
  explicit CanaryWatch(CanaryParts parts);
  CanaryWatch(const CanaryWatch&) = delete;
  CanaryWatch& operator=(const CanaryWatch&) = delete;

  // Follows the catalog: what is there at the start, then every change.
  void start();
  Task<void> close();

 private:
  struct Trial {
    Timestamp began_at;
    bool counts_known = false;
    std::vector<RevisionOutcomes> before;  // what had been counted when it began
  };

  void follow(const catalog::Resource& function);
  Task<void> look_at_all();
  Task<void> look_at(ResourceId id);
  Task<void> end(catalog::ResourcePointer function, spec::ServerFunction next);

  CanaryParts parts_;
  std::unordered_map<ResourceId, Trial> trials_;
  TaskGroup tasks_;
  TimerWheel::Timer timer_;
  bool closing_ = false;
};

}  // namespace poly::execution
