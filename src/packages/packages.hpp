// The packages that functions depend on: resolved and locked when a function is deployed, installed once for
// each lock into a folder that nobody changes afterwards, a layer.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "base/one_shot.hpp"
#include "base/task_group.hpp"
#include "packages/installer.hpp"
#include "packages/lock_rows.hpp"
#include "packages/turns.hpp"

namespace poly::packages {

struct Layer {
  std::string hash;
  std::filesystem::path folder;     // node_modules/ in it, or the layout of site-packages, or jars
  std::vector<std::string> locked;  // `lodash@4.17.21`, `requests==2.31.0`, `group:artifact:version`
  bool reused = false;              // it was there
  std::chrono::milliseconds took{};
};

enum class Stage { resolving, installing, reused };

struct Step {
  Stage stage;
  std::size_t packages = 0;  // once known
};
using Progress = std::function<void(const Step&)>;  // may be empty; called on the loop of Packages

struct PackageCounters {
  std::atomic<std::uint64_t> installed = 0;
  std::atomic<std::uint64_t> reused = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> removed = 0;
  std::atomic<std::uint64_t> layers = 0;  // there now
};

struct PackageParts {
  Executor executor;
  TimerWheel& wheel;
  BlockingPool& pool;
  store::Store& store;
  const Clock& clock;
  IdSource& ids;
  const PackageSettings& settings;
};

// All members belong to one loop (the control plane's), but for counters().
class Packages final {
 public:
  explicit Packages(PackageParts parts);
  Packages(const Packages&) = delete;
  Packages& operator=(const Packages&) = delete;

  // Once, before anything else: removes what an earlier process left unfinished, reads what is known.
  Task<void> load();

  // The layer with these packages and what they need. The same requirements give the same layer until it is
  // swept, without asking a registry; whoever asks for them meanwhile waits for the one installation. Throws
  // Failure: bad_request naming the package, upstream when the registry cannot be reached, timeout,
  // too_large, too_many_requests, unavailable.
  Task<Layer> install(spec::Language language, std::vector<std::string> requirements, Progress progress);

  // Installs again those that are known but not there, from their locks: a layers folder that was lost, or a
  // node that is new. What fails is logged.
  Task<void> restore(std::set<std::string> layers);

  // Removes layers that nobody in `in_use` has used for a day.
  Task<void> sweep(std::set<std::string> in_use);

  Task<void> close();

  const PackageCounters& counters() const { return counters_; }

 private:
  struct Known {
    Ecosystem ecosystem{};
    std::vector<std::string> packages;
    std::optional<Timestamp> unused_since;
    bool there = false;  // its folder is
  };
  struct Wish {
    Ecosystem ecosystem{};
    std::string engine;
    std::vector<Requirement> requirements;
    std::string hash;
  };
  struct Running {
    std::vector<std::shared_ptr<OneShot<Layer>>> waiting;
    std::vector<Progress> listening;
  };

  Installer& installer(Ecosystem ecosystem);
  Layer layer_of(const std::string& hash) const;
  std::filesystem::path place_of(const std::string& hash) const;
  void tell(const std::string& wish, Step step);

  Task<void> work(Wish wish);
  Task<Layer> make(Wish wish);
  Task<Layer> resolve_and_install(Wish wish, WorkFolders folders);
  Task<Lock> lock_for(Wish wish, WorkFolders folders);
  Task<void> install_lock(Ecosystem ecosystem, std::string hash, Lock lock, WorkFolders folders);
  Task<void> restore_one(std::string hash);
  void count_layers();
  WorkFolders new_folders();
  Task<void> clean(WorkFolders folders);
  Task<void> remove(std::string hash);

  PackageParts parts_;
  Toolbox tools_;
  std::map<Ecosystem, std::unique_ptr<Installer>> installers_;
  Turns turns_;
  TaskGroup tasks_;
  bool closing_ = false;
  std::map<std::string, Known> layers_;                      // by hash
  std::map<std::string, std::string> wishes_;                // hash of a wish → hash of its layer
  std::map<std::string, std::shared_ptr<Running>> running_;  // by hash of the wish
  PackageCounters counters_;
};

}  // namespace poly::packages
