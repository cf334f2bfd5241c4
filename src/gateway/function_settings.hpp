// Whether a server function may be run as a deploy request wants it.
#pragma once

#include "catalog/snapshot.hpp"
#include "runtime/settings.hpp"

namespace poly::gateway {

inline constexpr std::size_t environment_names_max = 100;
inline constexpr std::size_t environment_bytes_max = 64
                                                     << 10;  // of the names and of the values in the request
inline constexpr int function_memory_mebibytes_min = 64;
inline constexpr double function_cpu_min = 0.05;

// Throws bad_request that names every field which is past its limit, not a name for an environment variable,
// or a variable that `from` cannot see.
void require_settings(const spec::FunctionSettings& settings, const runtime::RuntimeSettings& limits,
                      const catalog::Snapshot& snapshot, const catalog::Viewpoint& from);

}  // namespace poly::gateway
