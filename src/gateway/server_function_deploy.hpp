// A deploy of a server function: which revision it makes, who gets it, and the proof that it runs.
#pragma once

#include "gateway/code_functions.hpp"
#include "gateway/deploy_request.hpp"

namespace poly::gateway {

// `function` is what the request wants; the number and the calls of its revision follow from what stands
// there: `changed` for a PATCH, else what has its path. `tell` hears of a proof that takes its time. Throws
// bad_request.
Task<catalog::Draft> draft_of_deploy(DeployParts parts, identity::IdentityPointer owner,
                                     spec::ServerFunction function, RolloutRequest request,
                                     catalog::ResourcePointer changed,
                                     std::function<void(std::string_view)> tell);

// Members of an answer: the revision shown, and how calls are divided.
void add_revisions(JsonObject& detail, const spec::ServerFunction& function);
// Members of the answer to a deploy over another: whether it made a revision, and which.
void add_deployed(JsonObject& detail, const catalog::Change& change);

}  // namespace poly::gateway
