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

struct RuntimeParts {
  LoopGroup& loops;
  const std::vector<std::unique_ptr<TimerWheel>>& wheels;  // one for each loop
  const Clock& clock;
  const RuntimeSettings& settings;
  journal::Metrics& metrics;
  OpenVariable open_variable;
  OpenProgram open_program;
};

class FunctionRuntime final {
 public:
  explicit FunctionRuntime(const RuntimeParts& parts);
  FunctionRuntime(const FunctionRuntime&) = delete;
  FunctionRuntime& operator=(const FunctionRuntime&) = delete;

  // See FunctionPool::call. The observer is called on the home loop of the function.
  Task<CallResult> call(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot, Call call);

  // See FunctionPool::prove.
  Task<void> prove(catalog::ResourcePointer function, spec::Revision revision,
                   catalog::SnapshotPointer snapshot);

  // Follow the catalog: the function is there, or was changed; or it was deleted. Any thread.
  void expect(catalog::ResourcePointer function, catalog::SnapshotPointer snapshot);
  void forget(ResourceId function);

  Task<std::vector<GroupStatus>> status(ResourceId function);
  Task<void> close();

 private:
  std::size_t home_of(ResourceId function) const;

  LoopGroup& loops_;
  PoolMetrics metrics_;
  std::vector<std::unique_ptr<FunctionPool>> pools_;  // one for each loop
};

}  // namespace poly::runtime
