#include "process/process_tree.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace poly::process {
namespace {

namespace fs = std::filesystem;

// A process that forks without end is not followed to the end.
constexpr std::size_t processes_followed_max = 1'000;
// With the two that stand beside it in namespaces.
constexpr std::size_t processes_of_one_worker = 3;

fs::path folder_of(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

std::size_t resident_bytes(pid_t pid) {
  std::ifstream statm(folder_of(pid) / "statm");
  std::size_t total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  static const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return resident_pages * page_bytes;
}

// Each page divided by how many have it. The kernel goes through all of them, so it is asked for only when it
// makes a difference; of processes that nobody may look into it tells nothing.
std::size_t proportional_bytes(pid_t pid) {
  std::ifstream rollup(folder_of(pid) / "smaps_rollup");
  for (std::string word; rollup >> word;) {
    std::size_t kibibytes = 0;
    if (word == "Pss:" && rollup >> kibibytes) return kibibytes << 10;
  }
  return resident_bytes(pid);
}

// Any thread may have started a process.
void append_children(pid_t pid, std::vector<pid_t>& pids) {
  std::error_code gone;
  for (const auto& thread : fs::directory_iterator(folder_of(pid) / "task", gone)) {
    std::ifstream children(thread.path() / "children");
    for (pid_t child = 0; children >> child;) pids.push_back(child);
  }
}

}  // namespace

std::size_t resident_bytes_of_tree(pid_t root) {
  std::vector<pid_t> pids{root};
  for (std::size_t next = 0; next < pids.size() && next < processes_followed_max; ++next) {
    append_children(pids[next], pids);
  }
  const auto measure = pids.size() > processes_of_one_worker ? proportional_bytes : resident_bytes;
  std::size_t bytes = 0;
  for (const auto pid : pids) bytes += measure(pid);
  return bytes;
}

}  // namespace poly::process
