// Gives out what each sandboxed process has for itself: a number, a folder, a user, a control group. It finds
// out once what this machine can do.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "process/cgroups.hpp"
#include "process/process_limits.hpp"
#include "process/sandbox.hpp"

namespace poly::process {

class SandboxHost;

inline constexpr std::uint32_t first_user_default = 200'000;

struct SandboxSettings {
  std::filesystem::path launcher;               // poly-launch
  std::filesystem::path folder;                 // of this host alone; what is in it is removed
  std::vector<std::filesystem::path> readable;  // what workers will read: the probe tries it as they will be
  // Workers of a polyd that runs as root are users of their own, with numbers from here on; the user after
  // these has the folders that sandboxed processes may change.
  std::uint32_t first_user = first_user_default;
};

inline constexpr std::uint32_t slots_max = 65'536;
// What a group may use above the limit that is watched and told to people first.
inline constexpr std::size_t memory_slack_bytes = std::size_t{64} << 20;

// The place of one process. Given back when it goes: by then the process is gone.
class SandboxSlot final {
 public:
  ~SandboxSlot();
  SandboxSlot(const SandboxSlot&) = delete;
  SandboxSlot& operator=(const SandboxSlot&) = delete;

  // For poly-launch and poly_sandbox_enter().
  std::vector<std::string> arguments(const ProcessLimits& limits) const;
  // The folder for its temporary files, as it sees it.
  std::filesystem::path scratch() const;
  // The process that polyd sees waits for the worker: SIGTERM makes it end all of it (launch/namespaces.hpp).
  bool has_namespaces() const;

  // Nothing where there is no group.
  std::optional<std::size_t> memory_bytes() const { return group_ ? group_->memory_bytes() : std::nullopt; }
  std::size_t memory_bytes_max() const { return sandbox_.memory_bytes_max; }
  // Where there is a group; else what was set at the start stays.
  Result<void> limit(std::size_t memory_bytes_max, double cpu_cores);
  bool ran_out_of_memory() const { return group_ && group_->ran_out_of_memory(); }
  // What is left of the group.
  void kill() const;

 private:
  friend class SandboxHost;
  SandboxSlot(SandboxHost& host, std::uint32_t number, Sandbox sandbox, std::optional<Group> group);

  SandboxHost& host_;
  std::uint32_t number_;
  Sandbox sandbox_;
  std::optional<Group> group_;
};

// Used from every loop; what takes longer than a few system calls happens on a thread of its own.
class SandboxHost final {
 public:
  // Makes the folder, removes what a process that crashed left behind, and tries what can be had here. Takes
  // some 20 ms.
  static Result<std::unique_ptr<SandboxHost>> open(SandboxSettings settings);
  ~SandboxHost();  // after all slots
  SandboxHost(const SandboxHost&) = delete;
  SandboxHost& operator=(const SandboxHost&) = delete;

  const SandboxReport& report() const { return report_; }
  Result<std::unique_ptr<SandboxSlot>> take(const Sandbox& sandbox);

 private:
  friend class SandboxSlot;
  // What a slot leaves behind.
  struct Remains {
    std::uint32_t number = 0;
    std::optional<Group> group;
  };

  explicit SandboxHost(SandboxSettings settings);
  Result<void> find_out();
  Result<SandboxReport> try_layers(std::uint32_t number) const;
  std::filesystem::path folder_of(std::uint32_t number) const;
  std::optional<std::uint32_t> user_for(std::uint32_t number, const Sandbox& sandbox) const;
  // What the process will own: its folder, and those that it may change.
  Result<void> make_folders(std::uint32_t number, const Sandbox& sandbox) const;
  std::optional<std::uint32_t> take_number();
  void give_back(Remains remains);
  void clean_up();
  void remove(const Remains& remains) const;

  SandboxSettings settings_;
  Cgroups groups_;
  SandboxReport report_;
  bool namespaces_ = false;
  bool own_user_ = false;
  bool landlock_ = false;
  bool seccomp_ = false;

  std::mutex mutex_;
  std::set<std::uint32_t> taken_;
  std::uint32_t next_number_;
  std::deque<Remains> remains_;
  bool stopping_ = false;
  std::condition_variable something_remains_;
  std::thread cleaner_;
};

}  // namespace poly::process
