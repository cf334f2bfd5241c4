// Limits that every kernel and every user has: rlimits, and membership in cgroups that somebody else set up.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

Outcome set_limits(const Plan& plan);
// This process and all that it will start.
Outcome join_cgroups(const Plan& plan);

}  // namespace poly::launch
