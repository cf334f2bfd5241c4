#include "runtime/host_memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace poly::runtime {
namespace {

constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

// From /proc/meminfo: lines such as `MemAvailable:   16331712 kB`.
std::size_t host_available() {
  std::ifstream info("/proc/meminfo");
  std::string name, unit;
  std::size_t kibibytes = 0;
  while (info >> name >> kibibytes) {
    std::getline(info, unit);
    if (name == "MemAvailable:") return kibibytes << 10;
  }
  return unknown;
}

std::optional<std::size_t> number_in(const char* path) {
  std::ifstream file(path);
  std::size_t number = 0;
  if (!(file >> number)) return std::nullopt;  // absent, or `max`
  return number;
}

// Inside a container the files of our own control group stand at the root of the mount.
std::size_t group_available() {
  auto limit = number_in("/sys/fs/cgroup/memory.max");
  auto used = number_in("/sys/fs/cgroup/memory.current");
  if (!limit) {
    limit = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    used = number_in("/sys/fs/cgroup/memory/memory.usage_in_bytes");
  }
  if (!limit || !used) return unknown;
  return *limit > *used ? *limit - *used : 0;
}

}  // namespace

std::size_t available_memory_bytes() {
  return std::min(host_available(), group_available());
}

}  // namespace poly::runtime
