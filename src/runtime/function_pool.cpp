#include "runtime/function_pool.hpp"

#include "base/log.hpp"

namespace poly::runtime {
namespace {

// How often memory is looked at; scaling and the memory of the host are looked at once in `sweeps_a_second`.
constexpr std::chrono::milliseconds sweep_every{250};
constexpr std::size_t sweeps_a_second = 4;

// Says when the last call has gone that a closing pool waits for.
class CallCount final {
 public:
  CallCount(std::size_t& count, const bool& closing, OneShot<bool>& last_ended)
      : count_(&count), closing_(closing), last_ended_(last_ended) {
    ++*count_;
  }
  CallCount(CallCount&& other) noexcept
      : count_(std::exchange(other.count_, nullptr)),
        closing_(other.closing_),
        last_ended_(other.last_ended_) {}
  CallCount& operator=(CallCount&&) = delete;
  ~CallCount() {
    if (count_ && --*count_ == 0 && closing_) last_ended_.deliver(true);
  }

 private:
  std::size_t* count_;
  const bool& closing_;
  OneShot<bool>& last_ended_;
};

}  // namespace

FunctionPool::FunctionPool(Executor executor, TimerWheel& wheel, const Clock& clock,
                           const RuntimeSettings& settings, const PoolMetrics& metrics, PoolOptions options)
    : executor_(executor),
      wheel_(wheel),
      settings_(settings),
      options_(std::move(options)),
      tasks_(executor, "function pool"),
      supply_(executor, wheel, settings, options_.open_program),
      parts_{executor, wheel, clock, settings, supply_, tasks_, metrics, [this] { make_room_for_worker(); }},
      sweep_timer_(wheel, [this] { sweep(); }),
      last_call_ended_(executor) {}

FunctionPool::~FunctionPool() = default;

Task<CallResult> FunctionPool::call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot,
                                    Call call) {
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping");
  CallCount counted(calls_in_flight_, closing_, last_call_ended_);
  const auto group = group_for(function, snapshot, call.revision);
  auto calling = group->call(std::move(call));
  auto result = co_await std::move(calling);
  if (result.stream) result.stream->hold_until_end(std::make_shared<CallCount>(std::move(counted)));
  co_return result;
}

FunctionPool::GroupPointer FunctionPool::group_for(const catalog::ResourcePointer& function,
                                                   const catalog::SnapshotPointer& snapshot,
                                                   std::optional<int> revision) {
  const auto& server_function = function->as<spec::ServerFunction>();
  const auto number = revision.value_or(server_function.current.number);
  auto& known = functions_[function->id];
  if (known.seen_version < snapshot->version()) {  // calls that began earlier come with older ones
    compare(known, *function, *snapshot);
    known.seen_version = snapshot->version();
  }
  const auto found =
      std::ranges::find(known.groups, number, [](const auto& group) { return group->revision(); });
  if (found != known.groups.end()) return *found;
  const auto* wanted = server_function.find_revision(number);
  if (!wanted) {
    throw Failure(ErrorKind::not_found, "'" + function->path() + "' has no revision " +
                                            std::to_string(number) + " that takes calls");
  }
  auto group = make_group(*function, *wanted,
                          bundle_of(*function, *wanted, *snapshot, options_.open_variable, settings_.layers));
  known.groups.push_back(group);
  return group;
}

// Groups whose revision serves no longer, or would load something else now, retire.
void FunctionPool::compare(Function& known, const catalog::Resource& function,
                           const catalog::Snapshot& snapshot) {
  const auto& server_function = function.as<spec::ServerFunction>();
  std::erase_if(known.groups, [&](const GroupPointer& group) {
    const auto* revision = server_function.find_revision(group->revision());
    if (revision && group->bundle().fingerprint == fingerprint_of(function, *revision, snapshot))
      return false;
    retire(group);
    return true;
  });
}

FunctionPool::GroupPointer FunctionPool::make_group(const catalog::Resource& function,
                                                    const spec::Revision& revision, Bundle bundle) {
  auto group = std::make_shared<FunctionGroup>(parts_, function.path(), revision, std::move(bundle));
  supply_.keep_warm({group->kind().engine, settings_.memory_bytes_default, false});
  const auto proven = std::ranges::find(proven_, group->bundle().fingerprint, &Proven::fingerprint);
  if (proven != proven_.end()) {
    if (proven->worker->alive()) {
      group->adopt(std::move(proven->worker));
    } else {
      supply_.put_away(std::move(proven->worker));
    }
    proven_.erase(proven);
  }
  keep_sweeping();
  return group;
}

Task<void> FunctionPool::prove(catalog::ResourcePointer function, spec::Revision revision,
                               catalog::SnapshotPointer snapshot) {
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping");
  const CallCount counted(calls_in_flight_, closing_, last_call_ended_);
  const auto kind = worker_kind(settings_, revision);
  make_room_for_worker();
  const auto bundle = bundle_of(*function, revision, *snapshot, options_.open_variable, settings_.layers);
  auto taking = supply_.take_loaded(kind, bundle);
  auto worker = co_await std::move(taking);
  if (closing_) {
    supply_.put_away(std::move(worker));
    co_return;
  }
  proven_.push_back({bundle.fingerprint, std::move(worker), wheel_.now() + settings_.proven_kept_for});
  keep_sweeping();
}

void FunctionPool::expect(const catalog::ResourcePointer& function,
                          const catalog::SnapshotPointer& snapshot) {
  const auto& server_function = function->as<spec::ServerFunction>();
  const auto engine = engine_of(server_function.current.code.language);
  if (!engine || closing_) return;
  supply_.keep_warm({*engine, settings_.memory_bytes_default, false});
  const auto tend = [&](const spec::Revision& revision) {
    const bool kept = scaling_range(settings_, revision.settings).min > 0;
    if (kept) group_for(function, snapshot, revision.number)->scale();
  };
  tend(server_function.current);
  for (const auto& revision : server_function.others) tend(revision);
  const auto known = functions_.find(function->id);
  if (known != functions_.end()) compare(known->second, *function, *snapshot);
}

void FunctionPool::forget(ResourceId function) {
  const auto known = functions_.find(function);
  if (known == functions_.end()) return;
  for (const auto& group : known->second.groups) retire(group);
  functions_.erase(known);
}

void FunctionPool::retire(const GroupPointer& group) {
  group->retire();
  retired_.push_back(group);
}

template <class Visit>
void FunctionPool::for_each_group(Visit visit) const {
  for (const auto& [id, function] : functions_) {
    for (const auto& group : function.groups) visit(group);
  }
  for (const auto& group : retired_) visit(group);
}

void FunctionPool::make_room_for_worker() {
  if (options_.available_memory_bytes() < settings_.memory_reserve_bytes / 2 && !put_away_longest_idle()) {
    throw Failure(ErrorKind::unavailable, "the host has less than " +
                                              std::to_string((settings_.memory_reserve_bytes / 2) >> 20) +
                                              " MiB of memory left; try again later");
  }
  if (live_instances() < settings_.workers_max || put_away_longest_idle()) return;
  throw Failure(ErrorKind::unavailable, "all " + std::to_string(settings_.workers_max) +
                                            " workers are busy with other functions; try again later");
}

bool FunctionPool::put_away_longest_idle() {
  GroupPointer owner;
  std::optional<Instant> longest;
  for_each_group([&](const GroupPointer& group) {
    const auto since = group->longest_idle_since();
    if (!since || (longest && *longest <= *since)) return;
    longest = since;
    owner = group;
  });
  return owner && owner->put_away_idle();
}

std::size_t FunctionPool::live_instances() const {
  std::size_t count = 0;
  for_each_group([&](const GroupPointer& group) { count += group->instances(); });
  return count;
}

std::vector<GroupStatus> FunctionPool::status(ResourceId function) const {
  std::vector<GroupStatus> all;
  const auto known = functions_.find(function);
  if (known == functions_.end()) return all;
  for (const auto& group : known->second.groups) all.push_back(group->status());
  return all;
}

void FunctionPool::keep_sweeping() {
  if (!sweep_timer_.armed() && !closing_) sweep_timer_.arm(sweep_every);
}

void FunctionPool::sweep() {
  for_each_group([](const GroupPointer& group) { group->watch_memory(); });
  if (++sweeps_ % sweeps_a_second == 0) {
    memory_is_short_ = options_.available_memory_bytes() < settings_.memory_reserve_bytes;
    supply_.follow_demand(memory_is_short_);
    for_each_group([](const GroupPointer& group) { group->scale(); });
    while (memory_is_short_ && put_away_longest_idle()) {
    }
  }
  std::erase_if(proven_, [&](Proven& proven) {
    if (wheel_.now() < proven.until) return false;
    supply_.put_away(std::move(proven.worker));
    return true;
  });
  const auto forgettable = [](const GroupPointer& group) { return group->forgettable(); };
  std::erase_if(retired_, forgettable);
  for (auto& [id, function] : functions_) std::erase_if(function.groups, forgettable);
  std::erase_if(functions_, [](const auto& entry) { return entry.second.groups.empty(); });
  if (!functions_.empty() || !retired_.empty() || !proven_.empty() || !supply_.at_rest()) keep_sweeping();
}

Task<void> FunctionPool::close() {
  closing_ = true;
  sweep_timer_.disarm();
  for_each_group([](const GroupPointer& group) { group->stop("the server is stopping"); });
  for (auto& proven : std::exchange(proven_, {})) supply_.put_away(std::move(proven.worker));
  if (calls_in_flight_ > 0) {
    auto last = last_call_ended_.wait();
    co_await std::move(last);
  }
  auto closing = supply_.close();
  co_await std::move(closing);
  auto joining = tasks_.join();
  co_await std::move(joining);
  auto burying = supply_.close();
  co_await std::move(burying);
}

}  // namespace poly::runtime
