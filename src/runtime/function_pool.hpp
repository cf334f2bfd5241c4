// The instances of all functions that live on one loop: started when called, put away when idle.
#pragma once

#include <unordered_map>

#include "catalog/snapshot.hpp"
#include "runtime/function_group.hpp"

namespace poly::runtime {

// What the runtime is told from outside.
struct PoolOptions {
  OpenVariable open_variable;
  // What the host has left; tests say other things than the host.
  std::function<std::size_t()> available_memory_bytes;
  OpenProgram open_program = {};
};

class FunctionPool final {
 public:
  FunctionPool(Executor executor, TimerWheel& wheel, const Clock& clock, const RuntimeSettings& settings,
               const PoolMetrics& metrics, PoolOptions options);
  ~FunctionPool();
  FunctionPool(const FunctionPool&) = delete;
  FunctionPool& operator=(const FunctionPool&) = delete;

  // Runs a server function as `snapshot` has it. Throws Failure: function_failed, timeout, too_many_requests
  // (its queue is full), unavailable (no process can be started).
  Task<CallResult> call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot, Call call);

  // Loads `revision` of `function`, which need not be in the catalog yet, into a worker, and keeps that one
  // for its first call. Throws Failure when it cannot be loaded.
  Task<void> prove(catalog::ResourcePointer function, spec::Revision revision,
                   catalog::SnapshotPointer snapshot);

  // Has workers waiting for the language of `function`, and the instances that it always keeps; those of
  // revisions that serve no longer end.
  void expect(const catalog::ResourcePointer& function, const catalog::SnapshotPointer& snapshot);
  // The function was deleted.
  void forget(ResourceId function);

  std::size_t live_instances() const;
  std::vector<GroupStatus> status(ResourceId function) const;

  Task<void> close();  // calls in flight end with an error

 private:
  using GroupPointer = std::shared_ptr<FunctionGroup>;

  // The revisions of one function that are in use.
  struct Function {
    std::uint64_t seen_version = 0;  // of the snapshot that the groups were last compared with
    std::vector<GroupPointer> groups;
  };
  struct Proven {
    std::string fingerprint;
    std::unique_ptr<Worker> worker;
    Instant until{};
  };

  GroupPointer group_for(const catalog::ResourcePointer& function, const catalog::SnapshotPointer& snapshot,
                         std::optional<int> revision);
  void compare(Function& known, const catalog::Resource& function, const catalog::Snapshot& snapshot);
  GroupPointer make_group(const catalog::Resource& function, const spec::Revision& revision, Bundle bundle);
  void retire(const GroupPointer& group);
  void make_room_for_worker();
  bool put_away_longest_idle();
  void sweep();
  void keep_sweeping();
  template <class Visit>
  void for_each_group(Visit visit) const;

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  PoolOptions options_;
  TaskGroup tasks_;
  WorkerSupply supply_;
  GroupParts parts_;
  TimerWheel::Timer sweep_timer_;
  std::size_t sweeps_ = 0;
  bool memory_is_short_ = false;
  bool closing_ = false;
  std::size_t calls_in_flight_ = 0;
  OneShot<bool> last_call_ended_;  // delivered once closing
  std::unordered_map<ResourceId, Function> functions_;
  std::vector<GroupPointer> retired_;
  std::vector<Proven> proven_;
};

}  // namespace poly::runtime
