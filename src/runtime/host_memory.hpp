// How much memory the host has left for more processes.
#pragma once

#include <cstddef>

namespace poly::runtime {

// What can be taken without swapping, as the kernel estimates it, or what the memory limit of our own control
// group leaves when that is less. The greatest number when it cannot be read.
std::size_t available_memory_bytes();

}  // namespace poly::runtime
