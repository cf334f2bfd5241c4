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

void append_children(const fs::path& thread, std::vector<pid_t>& pids) {
  std::ifstream children(thread / "children");
  for (pid_t pid = 0; children >> pid;) pids.push_back(pid);
}

}  // namespace

std::size_t resident_bytes_of_tree(pid_t root, TreeReach reach) {
  std::vector<pid_t> pids{root};
  std::size_t bytes = 0;
  for (std::size_t next = 0; next < pids.size() && next < processes_followed_max; ++next) {
    const auto threads = folder_of(pids[next]) / "task";
    bytes += resident_bytes(pids[next]);
    if (reach == TreeReach::first_threads) {
      append_children(threads / std::to_string(pids[next]), pids);
      continue;
    }
    std::error_code gone;
    for (const auto& thread : fs::directory_iterator(threads, gone)) append_children(thread.path(), pids);
  }
  return bytes;
}

}  // namespace poly::process
