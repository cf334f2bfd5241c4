// Where workers come from: generic ones that wait, started before they are needed.
#pragma once

#include <map>
#include <vector>

#include "runtime/settings.hpp"
#include "runtime/worker.hpp"

namespace poly::runtime {

// All of it belongs to one loop.
class WorkerSupply final {
 public:
  WorkerSupply(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings);
  WorkerSupply(const WorkerSupply&) = delete;
  WorkerSupply& operator=(const WorkerSupply&) = delete;

  // A worker that said hello and has no function yet: one that waited, else a new one. The next is started
  // meanwhile. Throws Failure when none can be started.
  Task<std::unique_ptr<Worker>> take(Engine engine);

  // Has `settings.prewarmed` workers waiting for `engine` from now on.
  void keep_warm(Engine engine);

  // Lets a worker that is no longer wanted end, whatever it does now.
  void put_away(std::unique_ptr<Worker> worker);

  std::size_t waiting(Engine engine) const;
  Task<void> close();

 private:
  struct Shelf {
    bool kept_warm = false;
    std::size_t starting = 0;
    std::vector<std::unique_ptr<Worker>> waiting;
  };

  Task<std::unique_ptr<Worker>> start(Engine engine);
  Task<void> start_for_shelf(Engine engine);
  Task<void> bury(std::unique_ptr<Worker> worker);
  void refill(Engine engine);

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  TaskGroup tasks_;
  bool closing_ = false;
  std::map<Engine, Shelf> shelves_;
};

}  // namespace poly::runtime
