// What a process that is not trusted may touch, and how much of that this machine can hold it to.
// docs/sandbox.md tells the whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_words.hpp"

namespace poly::process {

struct Sandbox {
  std::vector<std::filesystem::path> readable;  // besides what every program needs of the system
  // Folders that it may change, with all that is in them; the first is where it puts its temporary files,
  // too. Where sandboxed processes are users of their own they all are one user that owns such folders: it
  // is given those that it does not own yet.
  std::vector<std::filesystem::path> writable;
  bool network = false;  // the host's, all of it
  std::size_t scratch_bytes_max = std::size_t{64} << 20;
  // Of the process and all that it starts; 0: no limit.
  std::size_t memory_bytes_max = 0;
  double cpu_cores = 0;
  std::size_t processes_max = 256;  // threads count
};

// From nothing to everything; each includes the one before.
enum class SandboxLevel {
  none,
  basic,       // files, network and system calls are narrowed
  namespaces,  // and nothing else of the machine can be seen
  full,        // and memory, processes and CPU have a limit that the kernel keeps
};

// One mechanism. `note` says which version of it is there, or why it is not.
struct SandboxLayer {
  std::string name;
  bool on = false;
  std::string note;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.required("on", self.on);
    field.required("note", self.note);
  }
};

struct SandboxReport {
  std::vector<SandboxLayer> layers;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("layers", self.layers);
  }

  bool has(std::string_view layer) const;
  SandboxLevel level() const;
  // "namespaces: landlock (version 7), seccomp, namespaces; without own_user (polyd is not root)".
  std::string words() const;
};

}  // namespace poly::process

template <>
inline constexpr auto poly::enum_words<poly::process::SandboxLevel> =
    std::to_array<poly::EnumWord<poly::process::SandboxLevel>>({
        {poly::process::SandboxLevel::none, "none"},
        {poly::process::SandboxLevel::basic, "basic"},
        {poly::process::SandboxLevel::namespaces, "namespaces"},
        {poly::process::SandboxLevel::full, "full"},
    });
