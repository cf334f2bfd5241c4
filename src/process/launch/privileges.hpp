// Who a process is: its user and its capabilities.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// May make namespaces and mounts without a user namespace.
bool is_administrator();

// Becomes the user of the plan, if it names one, in the group of the same number and in no other. A parent's
// death signal is forgotten by that.
Outcome become_user(const Plan& plan);

// With no_new_privs for good: no program that the process becomes brings one back.
Outcome drop_capabilities();

}  // namespace poly::launch
