// Where this process is in the hierarchies of control groups.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace poly::process {

// Reads `mountinfo` and `membership`, the texts of /proc/self/mountinfo and /proc/self/cgroup. `controller`
// is one of version 1, such as "memory", or "" for version 2. Nothing when it is not mounted.
std::optional<std::filesystem::path> own_cgroup(const std::string& mountinfo, const std::string& membership,
                                                const std::string& controller);

}  // namespace poly::process
