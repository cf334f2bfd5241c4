// One function of a job: what it is called with, and what its end means for the run.
#pragma once

#include "catalog/catalog.hpp"
#include "execution/execution.hpp"
#include "schedule/job_run.hpp"

namespace poly::schedule {

inline constexpr std::size_t error_bytes_max = 2'000;  // of what one call's record keeps

struct JobCall {
  catalog::ResourcePointer function;
  Json arguments;
};

// A server function gets the three payloads by position, an API function `eventPayload` as its arguments by
// name. Throws not_found or bad_request, naming the function, when the job cannot call it.
JobCall call_of(const catalog::Snapshot& snapshot, const catalog::Resource& job,
                const spec::JobFunction& function);

// The function's own status, for an API function that of the other system; 200 when it chose none.
int status_of(const catalog::Resource& function, const execution::Outcome& outcome);

// Cut at error_bytes_max, not through a character.
std::string shortened(std::string error);

}  // namespace poly::schedule
