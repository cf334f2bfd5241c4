#include "runtime/function_pool.hpp"

#include "base/log.hpp"

namespace poly::runtime {
namespace {

// How often memory and idleness are looked at.
constexpr std::chrono::milliseconds sweep_every{250};

}  // namespace

struct FunctionPool::Instance {
  std::unique_ptr<Worker> worker;
  std::size_t calls = 0;  // in flight or promised
  Instant idle_since{};
};

// One bundle of one function: its instances and who waits for them. A changed bundle makes a new group, and
// the old one retires: it finishes its calls.
struct FunctionPool::Group {
  Bundle bundle;
  Engine engine = Engine::node;
  std::string path;
  std::uint64_t seen_version = 0;  // of the snapshot that the bundle was last compared with
  std::vector<InstancePointer> instances;
  std::deque<OneShot<InstancePointer>*> waiting;
  std::size_t starting = 0;
  bool retired = false;
};

FunctionPool::FunctionPool(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings)
    : executor_(executor),
      wheel_(wheel),
      settings_(settings),
      supply_(executor, wheel, settings),
      tasks_(executor, "function pool"),
      sweep_timer_(wheel, [this] { sweep(); }),
      last_call_ended_(executor) {}

FunctionPool::~FunctionPool() = default;

Task<CallResult> FunctionPool::call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot,
                                    Call call) {
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping");
  ++calls_in_flight_;
  std::exception_ptr problem;
  CallResult result;
  try {
    auto running = run(std::move(function), std::move(snapshot), std::move(call));
    result = co_await std::move(running);
  } catch (...) {
    problem = std::current_exception();
  }
  if (--calls_in_flight_ == 0 && closing_) last_call_ended_.deliver(true);
  if (problem) std::rethrow_exception(problem);
  co_return result;
}

Task<CallResult> FunctionPool::run(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot,
                                   Call call) {
  const auto group = group_for(function, snapshot);
  const auto began = wheel_.now();
  const bool cold = group->instances.empty();
  auto instance = instance_with_room(*group);
  if (instance) {
    ++instance->calls;
  } else {
    auto waiting = wait_for_instance(group, call.time_limit);
    instance = co_await std::move(waiting);
  }
  const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(wheel_.now() - began);
  std::exception_ptr problem;
  CallResult result;
  try {
    auto running = instance->worker->call(std::move(call));
    result = co_await std::move(running);
  } catch (...) {
    problem = std::current_exception();
  }
  call_ended(group, instance);
  if (problem) std::rethrow_exception(problem);
  result.cold = cold;
  result.waited = waited;
  co_return result;
}

FunctionPool::GroupPointer FunctionPool::group_for(const catalog::ResourcePointer& function,
                                                   const catalog::SnapshotPointer& snapshot) {
  auto& group = groups_[function->id];
  if (group && group->seen_version == snapshot->version()) return group;
  const auto& revision = function->as<spec::ServerFunction>().current;
  if (group && group->bundle.fingerprint == fingerprint_of(*function, revision, *snapshot)) {
    group->seen_version = snapshot->version();
    return group;
  }
  auto next = std::make_shared<Group>();
  next->engine = value_or_throw(engine_of(revision.code.language));
  next->bundle = bundle_of(*function, revision, *snapshot);
  next->path = function->path();
  next->seen_version = snapshot->version();
  if (group) retire(group);
  group = next;
  supply_.keep_warm(next->engine);
  if (!sweep_timer_.armed()) sweep_timer_.arm(sweep_every);
  return next;
}

FunctionPool::InstancePointer FunctionPool::instance_with_room(Group& group) {
  InstancePointer best;
  for (const auto& instance : group.instances) {
    if (instance->calls >= settings_.concurrency_max) continue;
    if (!instance->worker->alive() || instance->worker->suspect()) continue;
    if (!best || instance->calls < best->calls) best = instance;
  }
  return best;
}

Task<FunctionPool::InstancePointer> FunctionPool::wait_for_instance(GroupPointer group,
                                                                    std::chrono::milliseconds time_limit) {
  if (group->waiting.size() >= settings_.queued_calls_max) {
    throw Failure(ErrorKind::too_many_requests, "'" + group->path + "' has " +
                                                    std::to_string(settings_.queued_calls_max) +
                                                    " calls waiting already; try again later");
  }
  OneShot<InstancePointer> turn(executor_);
  group->waiting.push_back(&turn);
  const auto late = wheel_.schedule(time_limit, [&turn, &group] {
    std::erase(group->waiting, &turn);
    turn.deliver(fail(ErrorKind::unavailable, "no instance of '" + group->path + "' was free in time"));
  });
  dispatch(group);
  auto waiting = turn.wait();
  co_return co_await std::move(waiting);
}

// Gives waiting calls to instances with room, and starts one more when some still wait.
void FunctionPool::dispatch(const GroupPointer& group) {
  while (!group->waiting.empty()) {
    const auto instance = instance_with_room(*group);
    if (!instance) break;
    ++instance->calls;
    group->waiting.front()->deliver(instance);
    group->waiting.pop_front();
  }
  if (group->waiting.empty() || group->starting > 0 || closing_) return;
  if (group->instances.size() >= settings_.instances_max) return;
  ++group->starting;
  tasks_.spawn(start_instance(group));
}

Task<void> FunctionPool::start_instance(GroupPointer group) {
  std::unique_ptr<Worker> worker;
  std::optional<Error> problem;
  try {
    make_room_for_worker();
    auto taking = supply_.take(group->engine);
    worker = co_await std::move(taking);
    auto loading = worker->load(group->bundle.header, group->bundle.code, settings_.start_limit);
    co_await std::move(loading);
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  --group->starting;
  if (problem || closing_) {
    ++counters_.start_failures;
    supply_.put_away(std::move(worker));
    if (!group->instances.empty()) co_return;
    const auto error = problem.value_or(Error{ErrorKind::unavailable, "the server is stopping", {}, {}});
    for (auto* turn : std::exchange(group->waiting, {})) turn->deliver(std::unexpected(error));
    co_return;
  }
  ++counters_.cold_starts;
  auto instance = std::make_shared<Instance>();
  instance->idle_since = wheel_.now();
  instance->worker = std::move(worker);
  instance->worker->on_end([this, group, known = std::weak_ptr(instance)] {
    if (const auto ended = known.lock()) drop(*group, ended);
    dispatch(group);
  });
  group->instances.push_back(instance);
  dispatch(group);
}

void FunctionPool::call_ended(const GroupPointer& group, const InstancePointer& instance) {
  --instance->calls;
  instance->idle_since = wheel_.now();
  if (instance->calls == 0 && !instance->worker->alive()) {
    supply_.put_away(std::move(instance->worker));
  } else if (instance->calls == 0 && group->retired) {
    drop(*group, instance);
  }
  dispatch(group);
}

// Out of the group; the worker is buried once no call holds the instance.
void FunctionPool::drop(Group& group, const InstancePointer& instance) {
  std::erase(group.instances, instance);
  if (instance->calls == 0 && instance->worker) supply_.put_away(std::move(instance->worker));
}

void FunctionPool::retire(const GroupPointer& group) {
  group->retired = true;
  const auto instances = group->instances;
  for (const auto& instance : instances) {
    if (instance->calls == 0) drop(*group, instance);
  }
  retired_.push_back(group);
}

void FunctionPool::make_room_for_worker() {
  if (live_instances() < settings_.workers_max) return;
  GroupPointer owner;
  InstancePointer longest_idle;
  for (const auto& [id, group] : groups_) {
    for (const auto& instance : group->instances) {
      if (instance->calls > 0) continue;
      if (!longest_idle || instance->idle_since < longest_idle->idle_since) {
        owner = group;
        longest_idle = instance;
      }
    }
  }
  if (!longest_idle) {
    throw Failure(ErrorKind::unavailable, "all " + std::to_string(settings_.workers_max) +
                                              " workers are busy with other functions; try again later");
  }
  drop(*owner, longest_idle);
}

std::size_t FunctionPool::live_instances() const {
  std::size_t count = 0;
  for (const auto& [id, group] : groups_) count += group->instances.size();
  for (const auto& group : retired_) count += group->instances.size();
  return count;
}

void FunctionPool::sweep() {
  const auto now = wheel_.now();
  const auto look_at = [&](const GroupPointer& group) {
    const auto instances = group->instances;
    for (const auto& instance : instances) {
      if (instance->worker->resident_bytes() > settings_.memory_bytes_max) {
        ++counters_.killed_for_memory;
        instance->worker->kill("it used more memory than its limit of " +
                               std::to_string(settings_.memory_bytes_max >> 20) + " MiB");
      } else if (instance->calls == 0 && now - instance->idle_since >= settings_.idle_after) {
        ++counters_.put_away_idle;
        drop(*group, instance);
      }
    }
    if (!group->waiting.empty()) dispatch(group);
  };
  for (const auto& [id, group] : groups_) look_at(group);
  for (const auto& group : retired_) look_at(group);
  std::erase_if(retired_,
                [](const GroupPointer& group) { return group->instances.empty() && group->starting == 0; });
  std::erase_if(groups_, [](const auto& entry) {
    const auto& group = entry.second;
    return group->instances.empty() && group->starting == 0 && group->waiting.empty();
  });
  if (!closing_ && !(groups_.empty() && retired_.empty())) sweep_timer_.arm(sweep_every);
}

Task<void> FunctionPool::close() {
  closing_ = true;
  sweep_timer_.disarm();
  for (const auto& [id, group] : groups_) {
    const auto instances = group->instances;
    for (const auto& instance : instances) {
      if (instance->calls > 0) instance->worker->kill("the server is stopping");
      drop(*group, instance);
    }
  }
  if (calls_in_flight_ > 0) {
    auto last = last_call_ended_.wait();
    co_await std::move(last);
  }
  auto joining = tasks_.join();
  co_await std::move(joining);
  auto closing = supply_.close();
  co_await std::move(closing);
}

}  // namespace poly::runtime
