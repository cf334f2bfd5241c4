// The front door for recorded requests: a recording in, functions out. The rules are in docs/training.md.
#pragma once

#include "training/open_api.hpp"
#include "training/recorded_request.hpp"
#include "training/specification_input.hpp"

namespace poly::training {

inline constexpr std::size_t requests_max = operations_max;

// Fails (bad_request, too_large) when the options are wrong or there are too many requests; a request that
// cannot become a function is named in the report and the rest goes on.
Result<SpecificationInput> train_recording(Recording recording, const OpenApiOptions& options);

}  // namespace poly::training
