// What of a plan can be done on this machine, by trying each part in a process of its own.
#pragma once

#include "process/launch/plan.hpp"

namespace poly::launch {

// Writes one JSON object to standard output: {"layers":[{"name","on","note"}]}, with `note` saying why when a
// layer is not on. Layers: landlock, seccomp, namespaces, own_user. What the plan leaves out is not tried.
int probe(const Plan& plan);

}  // namespace poly::launch
