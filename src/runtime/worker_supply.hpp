// Where workers come from: generic ones that wait, started before they are needed.
#pragma once

#include <deque>
#include <map>

#include "process/fork_server.hpp"
#include "runtime/bundle.hpp"
#include "runtime/settings.hpp"
#include "runtime/worker.hpp"

namespace poly::runtime {

// All of it belongs to one loop. There is a shelf for each kind of worker; how many wait on it follows how
// often they are taken, and none wait while memory is short.
class WorkerSupply final {
 public:
  WorkerSupply(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings,
               OpenProgram open_program);
  WorkerSupply(const WorkerSupply&) = delete;
  WorkerSupply& operator=(const WorkerSupply&) = delete;

  // A worker that said hello and has no function yet: one that waited, else a new one; whoever asked first is
  // served first. Throws Failure when none can be started.
  Task<std::unique_ptr<Worker>> take(WorkerKind kind);

  // The same with `bundle` loaded. Throws Failure when it cannot be loaded, and the worker is put away.
  Task<std::unique_ptr<Worker>> take_loaded(WorkerKind kind, const Bundle& bundle);

  // Has at least `settings.prewarmed` workers of `kind` waiting from now on.
  void keep_warm(const WorkerKind& kind);

  // Lets a worker that is no longer wanted end, whatever it does now.
  void put_away(std::unique_ptr<Worker> worker);

  // Once a second: shelves grow and shrink.
  void follow_demand(bool memory_is_short);

  // No shelf is larger or smaller than it is when nothing is taken.
  bool at_rest() const;
  Task<void> close();

 private:
  struct Shelf {
    bool kept_warm = false;
    double recent = 0;  // workers taken in a second, the highest of late
    std::size_t taken = 0;
    std::size_t starting = 0;
    std::deque<std::unique_ptr<Worker>> waiting;
    std::deque<OneShot<std::unique_ptr<Worker>>*> takers;
  };

  Task<void> load(Worker& worker, const Bundle& bundle, process::Fd program);
  std::size_t wanted(const Shelf& shelf) const;
  void refill(const WorkerKind& kind);
  Task<void> start(WorkerKind kind);
  Task<std::unique_ptr<Worker>> greeted(WorkerKind kind);
  Task<std::unique_ptr<process::Process>> start_process(WorkerKind kind);
  process::ForkServer* template_for(const WorkerKind& kind);
  Task<void> bury_template(std::unique_ptr<process::ForkServer> server);
  Task<void> bury(std::unique_ptr<Worker> worker);

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  OpenProgram open_program_;
  TaskGroup tasks_;
  bool closing_ = false;
  bool memory_is_short_ = false;
  std::map<WorkerKind, Shelf> shelves_;
  TimerWheel::Timer refill_timer_;
  // What workers are forked from, by the kind with the memory left out: a child narrows its own.
  std::map<WorkerKind, std::unique_ptr<process::ForkServer>> templates_;
};

}  // namespace poly::runtime
