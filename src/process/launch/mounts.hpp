// A root of its own for a process: what it may read of the host, read-only and under the same names, and a
// scratch folder in memory. Everything else of the host has no name any more.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// For a process in mount and pid namespaces of its own, with the rights to mount in them.
Outcome enter_own_root(const Plan& plan);

}  // namespace poly::launch
