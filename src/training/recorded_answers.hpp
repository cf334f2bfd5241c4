// The types of what a recorded request was answered with, inferred from the samples.
#pragma once

#include "training/draft.hpp"
#include "training/recorded_request.hpp"

namespace poly::training {

// Sets the result type from the samples of the best success, and one other return type for each further
// status. Without a success the result is any.
void add_recorded_answers(FunctionDraft& draft, const std::vector<RecordedSample>& samples);

// The function with the types of these samples in place of what it said of their statuses.
spec::ApiFunction with_inferred_answers(spec::ApiFunction function,
                                        const std::vector<RecordedSample>& samples);

}  // namespace poly::training
