#include "runtime/function_runtime.hpp"

#include "runtime/host_memory.hpp"

namespace poly::runtime {
namespace {

Task<std::vector<GroupStatus>> read_status(FunctionPool& pool, ResourceId function) {
  co_return pool.status(function);
}

}  // namespace

FunctionRuntime::FunctionRuntime(const RuntimeParts& parts) : loops_(parts.loops), metrics_(parts.metrics) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    pools_.push_back(std::make_unique<FunctionPool>(
        loops_.at(i).executor(), *parts.wheels[i], parts.clock, parts.settings, metrics_,
        PoolOptions{parts.open_variable, available_memory_bytes, parts.open_program}));
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

Task<void> FunctionRuntime::prove(catalog::ResourcePointer function, spec::Revision revision,
                                  catalog::SnapshotPointer snapshot) {
  const auto home = home_of(function->id);
  auto proving = pools_[home]->prove(std::move(function), std::move(revision), std::move(snapshot));
  auto elsewhere = run_on(loops_.at(home).executor(), std::move(proving));
  co_await std::move(elsewhere);
}

void FunctionRuntime::expect(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot) {
  const auto home = home_of(function->id);
  boost::asio::post(loops_.at(home).executor(),
                    [pool = pools_[home].get(), function = std::move(function),
                     snapshot = std::move(snapshot)] { pool->expect(function, snapshot); });
}

void FunctionRuntime::forget(ResourceId function) {
  const auto home = home_of(function);
  boost::asio::post(loops_.at(home).executor(),
                    [pool = pools_[home].get(), function] { pool->forget(function); });
}

Task<std::vector<GroupStatus>> FunctionRuntime::status(ResourceId function) {
  const auto home = home_of(function);
  auto reading = read_status(*pools_[home], function);
  co_return co_await run_on(loops_.at(home).executor(), std::move(reading));
}

Task<void> FunctionRuntime::close() {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    auto closing = pools_[i]->close();
    co_await run_on(loops_.at(i).executor(), std::move(closing));
  }
}

}  // namespace poly::runtime
