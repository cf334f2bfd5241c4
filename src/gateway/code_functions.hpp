// Server and client functions: deployed from source, which the toolchain of its language reads (wire.md
// section 5).
#pragma once

#include "gateway/resource_routes.hpp"
#include "identity/directory.hpp"
#include "packages/packages.hpp"
#include "runtime/function_runtime.hpp"
#include "runtime/toolchain.hpp"

namespace poly::gateway {

struct DeployParts {
  catalog::Catalog& catalog;
  runtime::Toolchain& toolchain;  // on the control loop
  Executor control;
  const identity::Directory& directory;
  const runtime::RuntimeSettings& runtime;
  runtime::FunctionRuntime& functions;
  packages::Packages& packages;  // on the control loop
  ProgressStreams& progress;
  const Clock& clock;
};

// Both also take PATCH of single fields; new `code` is read again.
ResourceDescription describe_server_functions(DeployParts parts);
ResourceDescription describe_client_functions(DeployParts parts);

}  // namespace poly::gateway
