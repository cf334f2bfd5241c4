#include "runtime/function_group.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"

namespace poly::runtime {

struct FunctionGroup::Instance {
  std::unique_ptr<Worker> worker;
  std::size_t calls = 0;  // in flight or promised
  Instant born{};
  Instant idle_since{};
  bool draining = false;  // gets no more calls

  bool takes_calls() const { return !draining && worker->alive() && !worker->suspect(); }
};

// Counts a call for the autoscaler from when it comes to when it has gone.
class FunctionGroup::Arrival {
 public:
  explicit Arrival(FunctionGroup& group) : group_(&group) {
    group_->scaler_.observe(group_->parts_.wheel.now(), ++group_->calls_);
  }
  Arrival(Arrival&& other) noexcept : group_(std::exchange(other.group_, nullptr)) {}
  Arrival& operator=(Arrival&&) = delete;
  ~Arrival() {
    if (group_) group_->scaler_.observe(group_->parts_.wheel.now(), --group_->calls_);
  }

 private:
  FunctionGroup* group_;
};

// The place of a call in an instance, which was counted when it was promised.
class FunctionGroup::Seat {
 public:
  Seat(FunctionGroup& group, InstancePointer instance) : group_(group), instance_(std::move(instance)) {}
  Seat(Seat&& other) noexcept = default;
  Seat& operator=(Seat&&) = delete;
  ~Seat() {
    if (instance_) group_.seat_left(instance_);
  }

 private:
  FunctionGroup& group_;
  InstancePointer instance_;
};

// What a call keeps of its group while its result streams.
struct FunctionGroup::Streaming {
  std::shared_ptr<FunctionGroup> group;
  Arrival arrival;
  Seat seat;
};

FunctionGroup::FunctionGroup(const GroupParts& parts, const std::string& path, const spec::Revision& revision,
                             Bundle bundle)
    : parts_(parts),
      metrics_(parts.metrics.of(worker_kind(parts.settings, revision).engine)),
      path_(path),
      revision_(revision.number),
      bundle_(std::move(bundle)),
      kind_(worker_kind(parts.settings, revision)),
      cpu_cores_(std::min(revision.settings.cpu.value_or(0), parts.settings.cpu_cores_max)),
      scaler_(parts.settings.scaling, scaling_range(parts.settings, revision.settings)) {}

FunctionGroup::~FunctionGroup() = default;

Task<CallResult> FunctionGroup::call(Call call) {
  Arrival arrival(*this);
  const auto came = parts_.wheel.now();
  const bool cold = instances_.empty();
  auto instance = instance_with_room();
  if (instance) {
    ++instance->calls;
  } else {
    auto waiting = wait_for_instance(call.time_limit);
    instance = co_await std::move(waiting);
  }
  Seat seat(*this, instance);
  const auto taken = parts_.wheel.now();
  auto running = instance->worker->call(std::move(call));
  auto result = co_await std::move(running);
  if (result.stream) {
    result.stream->hold_until_end(
        std::make_shared<Streaming>(shared_from_this(), std::move(arrival), std::move(seat)));
  }
  const auto done = parts_.wheel.now();
  metrics_.queue_time->observe(taken - came);
  metrics_.run_time->observe(done - taken);
  result.cold = cold;
  result.waited = std::chrono::duration_cast<std::chrono::microseconds>(taken - came);
  result.ran = std::chrono::duration_cast<std::chrono::microseconds>(done - taken);
  co_return result;
}

FunctionGroup::InstancePointer FunctionGroup::instance_with_room() const {
  InstancePointer best;
  for (const auto& instance : instances_) {
    if (!instance->takes_calls() || instance->calls >= scaler_.range().concurrency) continue;
    if (!best || instance->calls < best->calls) best = instance;
  }
  return best;
}

Task<FunctionGroup::InstancePointer> FunctionGroup::wait_for_instance(std::chrono::milliseconds time_limit) {
  if (waiting_.size() >= parts_.settings.queued_calls_max) {
    throw Failure(ErrorKind::too_many_requests, "'" + path_ + "' has " +
                                                    std::to_string(parts_.settings.queued_calls_max) +
                                                    " calls waiting already; try again later");
  }
  OneShot<InstancePointer> turn(parts_.executor);
  waiting_.push_back(&turn);
  metrics_.waiting_calls->add(1);
  const auto late = parts_.wheel.schedule(time_limit, [this, &turn] {
    if (std::erase(waiting_, &turn) > 0) metrics_.waiting_calls->add(-1);
    turn.deliver(fail(ErrorKind::unavailable, "no instance of '" + path_ + "' was free in time"));
  });
  dispatch();
  auto waiting = turn.wait();
  co_return co_await std::move(waiting);
}

// Gives waiting calls to instances with room, and starts what is missing for those that still wait.
void FunctionGroup::dispatch() {
  while (!waiting_.empty()) {
    const auto instance = instance_with_room();
    if (!instance) break;
    ++instance->calls;
    waiting_.front()->deliver(instance);
    waiting_.pop_front();
    metrics_.waiting_calls->add(-1);
  }
  if (!waiting_.empty()) start_missing(scaler_.needed_for(calls_));
}

void FunctionGroup::start_missing(std::size_t wanted) {
  if (stopping_) return;
  for (auto& instance : instances_) {
    if (usable() + starting_ >= wanted) break;
    instance->draining = instance->draining && retired_;
  }
  const auto have = usable() + starting_;
  const auto all = instances_.size() + starting_;
  if (have >= wanted || all >= scaler_.range().max) return;
  // Counted beforehand: a start that fails at once is not tried again here.
  for (auto missing = std::min(wanted - have, scaler_.range().max - all); missing > 0; --missing) {
    ++starting_;
    parts_.tasks.spawn(start_instance(shared_from_this()));
  }
}

Task<void> FunctionGroup::start_instance(std::shared_ptr<FunctionGroup> group) {
  const auto wished = group->parts_.wheel.now();
  auto loading = attempt(group->loaded_worker());
  auto worker = co_await std::move(loading);
  --group->starting_;
  if (worker && group->stopping_) {
    group->parts_.supply.put_away(std::move(*worker));
    worker = fail(ErrorKind::unavailable, "the server is stopping");
  }
  if (worker) {
    group->metrics_.start_time->observe(group->parts_.wheel.now() - wished);
    group->adopt(std::move(*worker));
    co_return;
  }
  group->metrics_.start_failures->add();
  const auto& problem = worker.error();
  log(LogLevel::warn, "an instance did not start", {{"function", group->path_}, {"error", problem.message}});
  if (group->instances_.empty()) group->refuse_waiting(problem);
}

void FunctionGroup::refuse_waiting(const Error& error) {
  const auto refused = std::exchange(waiting_, {});
  metrics_.waiting_calls->add(-static_cast<std::int64_t>(refused.size()));
  for (auto* turn : refused) turn->deliver(std::unexpected(error));
}

Task<std::unique_ptr<Worker>> FunctionGroup::loaded_worker() {
  parts_.make_room();
  auto taking = parts_.supply.take_loaded(kind_, bundle_);
  co_return co_await std::move(taking);
}

// Memory has been the kind's since the worker began; the share of the processor is the function's own.
void FunctionGroup::limit_cpu(Worker& worker) const {
  if (cpu_cores_ == 0) return;
  if (const auto limited = worker.limit(kind_.memory_bytes_max, cpu_cores_); !limited) {
    log(LogLevel::warn, "an instance has no limit of its processor time",
        {{"function", path_}, {"error", limited.error().message}});
  }
}

void FunctionGroup::adopt(std::unique_ptr<Worker> worker) {
  limit_cpu(*worker);
  metrics_.cold_starts->add();
  metrics_.instances->add(1);
  auto instance = std::make_shared<Instance>();
  instance->born = instance->idle_since = parts_.wheel.now();
  instance->worker = std::move(worker);
  instance->worker->on_end([group = weak_from_this(), known = std::weak_ptr(instance)] {
    const auto still = group.lock();
    if (!still) return;
    if (const auto ended = known.lock()) still->drop(ended);
    still->dispatch();
  });
  instances_.push_back(std::move(instance));
  dispatch();
}

void FunctionGroup::seat_left(const InstancePointer& instance) {
  --instance->calls;
  instance->idle_since = parts_.wheel.now();
  if (instance->calls == 0) {
    const bool listed = std::ranges::find(instances_, instance) != instances_.end();
    if (!listed) {
      parts_.supply.put_away(std::move(instance->worker));
    } else if (instance->draining || retired_) {
      drop(instance);
    }
  }
  dispatch();
}

// Out of the group; the worker is buried once no call holds the instance.
void FunctionGroup::drop(const InstancePointer& instance) {
  if (std::erase(instances_, instance) > 0) {
    metrics_.instances->add(-1);
    metrics_.put_away->add();
  }
  if (instance->calls == 0 && instance->worker) parts_.supply.put_away(std::move(instance->worker));
}

void FunctionGroup::watch_memory() {
  for (const auto& instance : instances_) {
    if (instance->worker->resident_bytes() <= kind_.memory_bytes_max) continue;
    metrics_.killed_for_memory->add();
    instance->worker->kill("it used more memory than its limit of " +
                           std::to_string(kind_.memory_bytes_max >> 20) + " MiB");
  }
}

std::size_t FunctionGroup::usable() const {
  const auto takes_calls = [](const InstancePointer& instance) { return instance->takes_calls(); };
  return static_cast<std::size_t>(std::ranges::count_if(instances_, takes_calls));
}

void FunctionGroup::scale() {
  if (retired_ || stopping_) return;
  const auto have = usable() + starting_;
  decision_ = scaler_.decide(parts_.wheel.now(), have);
  if (decision_.wanted > have) {
    note_decision(have, decision_);
    start_missing(decision_.wanted);
  } else if (decision_.wanted < usable()) {
    note_decision(have, decision_);
    drain_surplus(usable() - decision_.wanted);
  }
  dispatch();
}

void FunctionGroup::drain_surplus(std::size_t surplus) {
  while (surplus-- > 0) {
    InstancePointer least;
    for (const auto& instance : instances_) {
      if (instance->draining) continue;
      if (!least || instance->calls < least->calls) least = instance;
    }
    if (!least) return;
    least->draining = true;
    if (least->calls == 0) drop(least);
  }
}

void FunctionGroup::note_decision(std::size_t have, const ScalingDecision& decision) {
  (decision.wanted > have ? metrics_.scaled_up : metrics_.scaled_down)->add();
  log(LogLevel::info, "a function is scaled",
      {{"function", path_},
       {"revision", std::to_string(revision_)},
       {"from", std::to_string(have)},
       {"to", std::to_string(decision.wanted)},
       {"reason", decision.reason}});
  events_.push_back({parts_.clock.now(), have, decision.wanted, decision.reason});
  if (events_.size() > scaling_events_max) events_.pop_front();
}

std::optional<Instant> FunctionGroup::longest_idle_since() const {
  std::optional<Instant> since;
  for (const auto& instance : instances_) {
    if (instance->calls == 0 && (!since || instance->idle_since < *since)) since = instance->idle_since;
  }
  return since;
}

bool FunctionGroup::put_away_idle() {
  const auto since = longest_idle_since();
  const auto found = std::ranges::find_if(instances_, [&](const InstancePointer& instance) {
    return since && instance->calls == 0 && instance->idle_since == *since;
  });
  if (found == instances_.end()) return false;
  drop(InstancePointer(*found));
  return true;
}

void FunctionGroup::retire() {
  retired_ = true;
  const auto instances = instances_;
  for (const auto& instance : instances) {
    instance->draining = instance->draining || waiting_.empty();
    if (instance->calls == 0 && waiting_.empty()) drop(instance);
  }
}

void FunctionGroup::stop(const std::string& reason) {
  stopping_ = true;
  const auto instances = instances_;
  for (const auto& instance : instances) {
    if (instance->calls > 0) instance->worker->kill(reason);
    drop(instance);
  }
  refuse_waiting({ErrorKind::unavailable, "the server is stopping", {}, {}});
}

GroupStatus FunctionGroup::status() {
  GroupStatus status;
  status.revision = revision_;
  status.range = scaler_.range();
  status.starting = starting_;
  status.waiting = waiting_.size();
  status.decision = scaler_.decide(parts_.wheel.now(), usable() + starting_);
  status.events.assign(events_.begin(), events_.end());
  const auto since = [now = parts_.wheel.now()](Instant then) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - then);
  };
  for (const auto& instance : instances_) {
    status.instances.push_back(
        {.pid = instance->worker->pid(),
         .calls = instance->calls,
         .resident_bytes = instance->worker->resident_bytes(),
         .age = since(instance->born),
         .idle = instance->calls == 0 ? since(instance->idle_since) : std::chrono::milliseconds(0),
         .draining = instance->draining});
  }
  return status;
}

}  // namespace poly::runtime
