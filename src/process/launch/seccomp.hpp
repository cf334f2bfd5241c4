// The system calls that a worker has no business with: those that look into other processes, change the
// machine, or are known less for their use than for the holes that were found in them.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// Needs no_new_privs. Denied calls fail with EPERM (sockets: EACCES); clone3 and io_uring are said to be
// absent, for which programs have another way.
Outcome apply_seccomp(const Plan& plan);

}  // namespace poly::launch
