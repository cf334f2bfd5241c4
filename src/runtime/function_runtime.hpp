// The front door of the runtime: runs server functions, wherever their instances live.
//
// Every function has one home loop, so that its instances, queue and settings are touched by one thread only;
// a call from another loop travels there and its result travels back.
#pragma once

#include <memory>
#include <vector>

#include "base/loop.hpp"
#include "runtime/function_pool.hpp"

namespace poly::runtime {

class FunctionRuntime final {
 public:
  // `wheels` has one wheel for each loop of `loops`.
  FunctionRuntime(LoopGroup& loops, const std::vector<std::unique_ptr<TimerWheel>>& wheels,
                  const RuntimeSettings& settings);
  FunctionRuntime(const FunctionRuntime&) = delete;
  FunctionRuntime& operator=(const FunctionRuntime&) = delete;

  // See FunctionPool::call. The observer is called on the home loop of the function.
  Task<CallResult> call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot, Call call);

  // Has workers for the language of `function` waiting on its home loop. Any thread.
  void expect(const catalog::Resource& function);

  Task<std::size_t> live_instances();
  Task<PoolCounters> counters();
  Task<void> close();

 private:
  std::size_t home_of(ResourceId function) const;

  LoopGroup& loops_;
  std::vector<std::unique_ptr<FunctionPool>> pools_;  // one for each loop
};

}  // namespace poly::runtime
