// One recorded request, read as an API function.
#pragma once

#include "training/draft.hpp"
#include "training/open_api.hpp"
#include "training/recorded_request.hpp"

namespace poly::training {

// The name that a request asks for: its own, or one made of method and path.
std::string name_of(const RecordedRequest& request);
// The context that its folders stand for, or "".
std::string context_of(const RecordedRequest& request);

// Everything but name and context. Throws Failure, with the reason, when the request cannot be called.
FunctionDraft read_recorded(const RecordedRequest& request, const OpenApiOptions& options);

}  // namespace poly::training
