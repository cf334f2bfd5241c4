// Limits that the kernel keeps for a process and all that it starts: control groups, of version 2 where polyd
// has been given a subtree of its own, else of version 1.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "process/channel.hpp"
#include "process/sandbox.hpp"

namespace poly::process {

struct GroupLimits {
  std::size_t memory_bytes_max = 0;  // 0: none
  std::size_t processes_max = 0;
  double cpu_cores = 0;
};

// The groups of one worker: the same folder in each hierarchy. Files of the kernel, so that all is done at
// once.
class Group final {
 public:
  enum class Controller { memory, processes, cpu };
  struct Place {
    std::filesystem::path folder;
    bool is_version_1 = false;
  };

  explicit Group(std::map<Controller, Place> places) : places_(std::move(places)) {}

  // What a process writes "0" into to be of the group.
  std::vector<std::filesystem::path> doors() const;
  Result<void> limit(const GroupLimits& limits) const;
  // That nobody else has: what processes keep, and files in memory. Nothing where memory is not limited.
  std::optional<std::size_t> memory_bytes() const;
  // The kernel has ended a process of it for its memory.
  bool ran_out_of_memory() const;
  void kill() const;
  // False while there are processes in it.
  bool remove() const;

 private:
  std::vector<std::filesystem::path> folders() const;

  std::map<Controller, Place> places_;
};

// Makes the groups of all workers.
class Cgroups final {
 public:
  // Looks where this process is in the hierarchies, and makes a folder `openpoly-<name>` there in each that
  // it may. Folders beside it that nobody holds are left over from a process that crashed: what is in them is
  // ended, and they are removed.
  static Cgroups open(const std::string& name);

  // memory_limit, process_limit, cpu_limit.
  const std::vector<SandboxLayer>& layers() const { return layers_; }
  // Nothing when no hierarchy can be used.
  Result<std::optional<Group>> make(const std::string& name, const GroupLimits& limits) const;
  // Takes the folders away; false while groups are in them.
  bool remove() const;

 private:
  std::map<Group::Controller, Group::Place> places_;
  std::vector<SandboxLayer> layers_;
  std::vector<Fd> holds_;  // locks of the folders, which end with this process
};

}  // namespace poly::process
