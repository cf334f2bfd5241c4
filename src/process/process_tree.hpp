// Processes and what they started, as /proc tells.
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace poly::process {

// 0 when the process is gone. What a process shares with those that it started counts once.
std::size_t resident_bytes_of_tree(pid_t root);

}  // namespace poly::process
