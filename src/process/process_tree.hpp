// Processes and what they started, as /proc tells.
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace poly::process {

// Whose children are looked for: reading all threads of a runtime costs ten times as much.
enum class TreeReach { first_threads, all_threads };

// 0 when the process is gone.
std::size_t resident_bytes_of_tree(pid_t root, TreeReach reach);

}  // namespace poly::process
