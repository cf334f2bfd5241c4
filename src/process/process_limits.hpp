// Limits of a single process; those of all that it starts are in a Sandbox.
#pragma once

#include <cstddef>

namespace poly::process {

struct ProcessLimits {
  std::size_t data_bytes_max = 0;  // 0: unlimited (RLIMIT_DATA)
  std::size_t open_files_max = 256;
  std::size_t file_bytes_max = 64 << 20;
};

}  // namespace poly::process
