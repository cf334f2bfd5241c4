// Landlock: which files, ports and other processes may be reached. Needs no privilege. What a kernel's
// version of it does not know is left out; version 1 is that of Linux 5.13.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// 0 when the kernel has none.
int landlock_version();

// May read what the plan and system_paths.hpp name, write the scratch folder and nothing else. From version 4
// on no TCP port is bound or connected without the network; from version 6 on nobody outside is signalled, or
// reached by an abstract socket. Processes outside cannot be looked into. Needs no_new_privs.
Outcome apply_landlock(const Plan& plan, const char* scratch);

}  // namespace poly::launch
