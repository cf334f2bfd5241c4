// Runs the tools that fetch and unpack packages (npm, pip, mvn) as child processes in a sandbox with the
// network, with limits of time, disk and output, a home of their own, and nothing of the host's environment
// but where its registries are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "base/timer_wheel.hpp"
#include "packages/settings.hpp"

namespace poly::packages {

struct ToolEnd {
  bool well = false;   // it ended by itself, with status 0
  std::string end;     // "exited with status 1"
  std::string output;  // standard output and error, mixed
};

// What one installation may write.
struct WorkFolders {
  std::filesystem::path work;      // scratch of this one alone
  std::filesystem::path fresh;     // the layer in the making
  std::filesystem::path home;      // with the cache, for all
  std::filesystem::path own_home;  // another, which goes with this installation

  // For runs in which code of packages runs: it must leave nothing for others in the cache.
  WorkFolders alone() const { return {work, fresh, own_home, own_home}; }
};

class Toolbox final {
 public:
  Toolbox(Executor executor, TimerWheel& wheel, BlockingPool& pool, const PackageSettings& settings);
  Toolbox(const Toolbox&) = delete;
  Toolbox& operator=(const Toolbox&) = delete;

  // Throws Failure: timeout, too_large (the layer or the scratch), unavailable (the tool cannot be started).
  Task<ToolEnd> run(std::vector<std::string> words, WorkFolders folders);
  // The line that an interpreter prints when it is asked about itself. Throws unavailable.
  Task<std::string> ask(std::vector<std::string> words);

  const PackageSettings& settings() const { return settings_; }
  BlockingPool& pool() { return pool_; }

 private:
  Executor executor_;
  TimerWheel& wheel_;
  BlockingPool& pool_;
  const PackageSettings& settings_;
};

}  // namespace poly::packages
