// What a process is to be narrowed to, as told in arguments of the form `name=value` (docs/sandbox.md lists
// them).
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <sys/types.h>

#include "process/launch/outcome.hpp"

namespace poly::launch {

inline constexpr std::size_t readable_paths_max = 64;
inline constexpr std::size_t writable_paths_max = 8;
inline constexpr std::size_t cgroups_max = 8;

// A list of texts that belong to whoever made the arguments.
template <std::size_t most>
struct Texts {
  std::array<const char*, most> texts{};
  std::size_t count = 0;

  bool add(const char* text) {
    if (count == most) return false;
    texts[count++] = text;
    return true;
  }
  std::span<const char* const> all() const { return std::span(texts).first(count); }
};

struct Plan {
  // Of each process; 0 leaves a limit as it is.
  unsigned long long data_bytes_max = 0;
  unsigned long long open_files_max = 0;
  unsigned long long file_bytes_max = 0;
  unsigned long long processes_max = 0;

  uid_t user = 0;  // to become, with the group of the same number; 0: nobody else
  bool namespaces = false;
  bool landlock = false;
  bool seccomp = false;
  bool network = false;
  const char* scratch = nullptr;  // the folder that may be written, once files are narrowed
  unsigned long long scratch_bytes_max = 0;
  Texts<readable_paths_max> readable;  // besides what every program needs of the system
  Texts<writable_paths_max> writable;  // folders, besides the scratch folder
  Texts<cgroups_max> cgroups;          // files named cgroup.procs
};

// Takes one argument in. The plan points into it from then on.
Outcome take_argument(Plan& plan, const char* argument);
// The same for many in one text, each on a line of its own. The text is cut up, and kept by the plan.
Outcome take_lines(Plan& plan, char* lines);

}  // namespace poly::launch
