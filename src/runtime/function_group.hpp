// The instances of one revision of one function: who waits, who has room, how many there should be.
#pragma once

#include <deque>
#include <functional>

#include "runtime/bundle.hpp"
#include "runtime/pool_metrics.hpp"
#include "runtime/pool_status.hpp"
#include "runtime/worker_supply.hpp"

namespace poly::runtime {

// The scaling events that are kept for people to read.
inline constexpr std::size_t scaling_events_max = 20;

// What all groups of a loop share.
struct GroupParts {
  Executor executor;
  TimerWheel& wheel;
  const Clock& clock;
  const RuntimeSettings& settings;
  WorkerSupply& supply;
  TaskGroup& tasks;
  const PoolMetrics& metrics;
  // Makes room for one more process by ending one that idles. Throws unavailable when there is none.
  std::function<void()> make_room;
};

// Shared, because calls and starting instances hold on to their group after the pool has let go of it.
class FunctionGroup final : public std::enable_shared_from_this<FunctionGroup> {
 public:
  FunctionGroup(const GroupParts& parts, const std::string& path, const spec::Revision& revision,
                Bundle bundle);
  ~FunctionGroup();
  FunctionGroup(const FunctionGroup&) = delete;
  FunctionGroup& operator=(const FunctionGroup&) = delete;

  int revision() const { return revision_; }
  const Bundle& bundle() const { return bundle_; }
  const WorkerKind& kind() const { return kind_; }

  // Hold the group while the task runs. Throws Failure: function_failed, timeout, too_many_requests (the
  // queue is full), unavailable (no process can be started).
  Task<CallResult> call(Call call);

  // A worker that has loaded the bundle already becomes an instance.
  void adopt(std::unique_ptr<Worker> worker);

  // Again and again: memory is looked at, and the number of instances is brought to what is wanted.
  void watch_memory();
  void scale();

  // Ends the instance that has idled longest, if it began before `than`, and tells whether there was one.
  bool put_away_idle();
  std::optional<Instant> longest_idle_since() const;

  // No new calls come: instances end when their calls have.
  void retire();
  void stop(const std::string& reason);

  std::size_t instances() const { return instances_.size(); }
  bool empty() const { return instances_.empty() && starting_ == 0 && waiting_.empty(); }
  // Nothing is there and nothing is to be kept.
  bool forgettable() const { return empty() && (retired_ || scaler_.range().min == 0); }
  GroupStatus status();

 private:
  struct Instance;
  using InstancePointer = std::shared_ptr<Instance>;
  class Arrival;
  class Seat;
  struct Streaming;

  InstancePointer instance_with_room() const;
  Task<InstancePointer> wait_for_instance(std::chrono::milliseconds time_limit);
  void dispatch();
  void start_missing(std::size_t wanted);
  static Task<void> start_instance(std::shared_ptr<FunctionGroup> group);
  Task<std::unique_ptr<Worker>> loaded_worker();
  void limit_cpu(Worker& worker) const;
  void refuse_waiting(const Error& error);
  void drop(const InstancePointer& instance);
  void seat_left(const InstancePointer& instance);
  std::size_t usable() const;
  void drain_surplus(std::size_t surplus);
  void note_decision(std::size_t have, const ScalingDecision& decision);

  const GroupParts& parts_;
  const EngineMetrics& metrics_;
  const std::string path_;
  const int revision_;
  const Bundle bundle_;
  const WorkerKind kind_;
  const double cpu_cores_;  // of one instance; 0: as much as there is
  Autoscaler scaler_;
  ScalingDecision decision_;
  std::deque<ScalingEvent> events_;
  std::vector<InstancePointer> instances_;
  std::deque<OneShot<InstancePointer>*> waiting_;
  std::size_t calls_ = 0;  // in flight and waiting
  std::size_t starting_ = 0;
  bool retired_ = false;
  bool stopping_ = false;
};

}  // namespace poly::runtime
