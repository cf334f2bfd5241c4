// All of a plan, in the one order in which the steps do not get in each other's way.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// Narrows the calling process, which has one thread, for good. With namespaces it returns in another process
// than the one that called (launch/namespaces.hpp).
Outcome enter(const Plan& plan);

// Where a process of that plan may write; null when files are not narrowed.
const char* scratch_inside(const Plan& plan);

}  // namespace poly::launch
