#include "runtime/function_runtime.hpp"

namespace poly::runtime {
namespace {

Task<std::size_t> count_instances(FunctionPool& pool) {
  co_return pool.live_instances();
}
Task<PoolCounters> read_counters(FunctionPool& pool) {
  co_return pool.counters();
}

}  // namespace

FunctionRuntime::FunctionRuntime(LoopGroup& loops, const std::vector<std::unique_ptr<TimerWheel>>& wheels,
                                 const RuntimeSettings& settings)
    : loops_(loops) {
  for (std::size_t i = 0; i < loops.size(); ++i) {
    pools_.push_back(std::make_unique<FunctionPool>(loops.at(i).executor(), *wheels[i], settings));
  }
}

std::size_t FunctionRuntime::home_of(ResourceId function) const {
  return std::hash<ResourceId>()(function) % pools_.size();
}

Task<CallResult> FunctionRuntime::call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot,
                                       Call call) {
  const auto home = home_of(function->id);
  auto calling = pools_[home]->call(std::move(function), std::move(snapshot), std::move(call));
  if (current_loop() == home) co_return co_await std::move(calling);
  co_return co_await run_on(loops_.at(home).executor(), std::move(calling));
}

void FunctionRuntime::expect(const catalog::Resource& function) {
  const auto engine = engine_of(function.as<spec::ServerFunction>().current.code.language);
  if (!engine) return;
  const auto home = home_of(function.id);
  boost::asio::post(loops_.at(home).executor(),
                    [pool = pools_[home].get(), engine = *engine] { pool->keep_warm(engine); });
}

Task<std::size_t> FunctionRuntime::live_instances() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    auto counting = count_instances(*pools_[i]);
    count += co_await run_on(loops_.at(i).executor(), std::move(counting));
  }
  co_return count;
}

Task<PoolCounters> FunctionRuntime::counters() {
  PoolCounters sum;
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    auto reading = read_counters(*pools_[i]);
    const auto one = co_await run_on(loops_.at(i).executor(), std::move(reading));
    sum.cold_starts += one.cold_starts;
    sum.start_failures += one.start_failures;
    sum.put_away_idle += one.put_away_idle;
    sum.killed_for_memory += one.killed_for_memory;
  }
  co_return sum;
}

Task<void> FunctionRuntime::close() {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    auto closing = pools_[i]->close();
    co_await run_on(loops_.at(i).executor(), std::move(closing));
  }
}

}  // namespace poly::runtime
