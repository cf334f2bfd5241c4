// Runs the tools that fetch and unpack packages (npm, pip, mvn) as child processes with limits of time, disk
// and output, a home of their own, and nothing of the host's environment but where its registries are.
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

// What one run may touch.
struct WorkFolders {
  std::filesystem::path work;   // scratch of this run alone
  std::filesystem::path fresh;  // the layer in the making
};

class Toolbox final {
 public:
  Toolbox(Executor executor, TimerWheel& wheel, BlockingPool& pool, const PackageSettings& settings);
  Toolbox(const Toolbox&) = delete;
  Toolbox& operator=(const Toolbox&) = delete;

  // Throws Failure: timeout, too_large (the layer or the scratch), unavailable (the tool cannot be started).
  Task<ToolEnd> run(std::vector<std::string> words, WorkFolders folders);

  const PackageSettings& settings() const { return settings_; }
  BlockingPool& pool() { return pool_; }

 private:
  Executor executor_;
  TimerWheel& wheel_;
  BlockingPool& pool_;
  const PackageSettings& settings_;
};

}  // namespace poly::packages
