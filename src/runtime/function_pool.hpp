// The instances of all functions that live on one loop: started when called, put away when idle.
#pragma once

#include <deque>
#include <unordered_map>

#include "catalog/snapshot.hpp"
#include "runtime/bundle.hpp"
#include "runtime/worker_supply.hpp"

namespace poly::runtime {

struct PoolCounters {
  std::uint64_t cold_starts = 0;
  std::uint64_t start_failures = 0;
  std::uint64_t put_away_idle = 0;
  std::uint64_t killed_for_memory = 0;
};

class FunctionPool final {
 public:
  FunctionPool(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings);
  ~FunctionPool();
  FunctionPool(const FunctionPool&) = delete;
  FunctionPool& operator=(const FunctionPool&) = delete;

  // Runs a server function as `snapshot` has it. Throws Failure: function_failed, timeout, too_many_requests
  // (its queue is full), unavailable (no process can be started).
  Task<CallResult> call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot, Call call);

  void keep_warm(Engine engine) { supply_.keep_warm(engine); }

  std::size_t live_instances() const;
  const PoolCounters& counters() const { return counters_; }

  Task<void> close();  // calls in flight end with an error

 private:
  struct Instance;
  struct Group;
  using InstancePointer = std::shared_ptr<Instance>;
  using GroupPointer = std::shared_ptr<Group>;

  GroupPointer group_for(const catalog::ResourcePointer& function, const catalog::SnapshotPointer& snapshot);
  Task<InstancePointer> wait_for_instance(GroupPointer group, std::chrono::milliseconds time_limit);
  Task<CallResult> run(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot, Call call);
  InstancePointer instance_with_room(Group& group);
  Task<void> start_instance(GroupPointer group);
  void dispatch(const GroupPointer& group);
  void retire(const GroupPointer& group);
  void call_ended(const GroupPointer& group, const InstancePointer& instance);
  void drop(Group& group, const InstancePointer& instance);
  void make_room_for_worker();
  void sweep();

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  WorkerSupply supply_;
  TaskGroup tasks_;
  TimerWheel::Timer sweep_timer_;
  bool closing_ = false;
  std::size_t calls_in_flight_ = 0;
  OneShot<bool> last_call_ended_;  // delivered once closing
  std::unordered_map<ResourceId, GroupPointer> groups_;
  std::vector<GroupPointer> retired_;
  PoolCounters counters_;
};

}  // namespace poly::runtime
