// Namespaces: processes, files, network, names and shared memory of its own.
//
//   the process that was started       outside; waits, and ends as the worker ended
//     the first process of the inside  reaps; when it ends, the kernel ends all that is inside
//       the worker
//
// SIGTERM to the one outside ends them all, and it is the last to go. So does its own end, whatever the
// reason.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// Returns in the worker only. With the user of the plan already taken or still to take, as is_administrator()
// says: who may not make namespaces makes them inside of a user namespace, in which the one user is itself.
Outcome enter_namespaces(const Plan& plan);

}  // namespace poly::launch
