// A revision takes calls only after a worker has loaded it.
#pragma once

#include "runtime/function_runtime.hpp"

namespace poly::gateway {

// Loads revision `number` of `function` as `wanted` has it, which need not be in the catalog. Throws
// bad_request, saying why it cannot be loaded and what goes on serving.
Task<void> prove_revision(runtime::FunctionRuntime& functions, catalog::ResourcePointer function,
                          spec::ServerFunction wanted, int number, catalog::SnapshotPointer snapshot);

}  // namespace poly::gateway
