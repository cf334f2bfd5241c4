// What a job must look like before it is stored.
#pragma once

#include "base/error.hpp"
#include "spec/job.hpp"

namespace poly::schedule {

inline constexpr std::size_t functions_max = 100;           // of one job
inline constexpr std::size_t payload_bytes_max = 64 << 10;  // of all its functions; each run keeps a copy
inline constexpr std::size_t name_bytes_max = 200;

// `details` has a line for each wrong field, such as `$.functions[2].id: …`.
Result<void> check_job(const spec::Job& job);

}  // namespace poly::schedule
