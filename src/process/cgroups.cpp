#include "process/cgroups.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/cgroup_places.hpp"

namespace poly::process {
namespace {

namespace fs = std::filesystem;
using Controller = Group::Controller;

constexpr const char* folder_prefix = "openpoly-";
constexpr int cpu_period_microseconds = 100'000;
constexpr int removal_attempts_max = 100;
constexpr std::chrono::milliseconds between_attempts{5};

struct ControllerName {
  Controller controller;
  const char* name;   // for the kernel
  const char* layer;  // for people
};
constexpr ControllerName controllers[] = {
    {Controller::memory, "memory", "memory_limit"},
    {Controller::processes, "pids", "process_limit"},
    {Controller::cpu, "cpu", "cpu_limit"},
};

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A file of lines such as "anon 4096".
std::map<std::string, std::size_t> values_in(const fs::path& file) {
  std::map<std::string, std::size_t> values;
  std::ifstream stream(file);
  std::string name;
  for (std::size_t value = 0; stream >> name >> value;) values.emplace(name, value);
  return values;
}

std::size_t value_of(const std::map<std::string, std::size_t>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? 0 : found->second;
}

// Files of the kernel take a value in one write, or say why not.
Result<void> write_text(const fs::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) >= 0;
  const int code = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (written) return {};
  return fail(ErrorKind::unavailable,
              file.string() + " cannot be set to " + text + ": " + std::strerror(code));
}

Result<void> make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST) return {};
  return fail(ErrorKind::unavailable, folder.string() + " cannot be made: " + std::strerror(errno));
}

std::vector<pid_t> processes_of(const fs::path& folder) {
  std::ifstream stream(folder / "cgroup.procs");
  return {std::istream_iterator<pid_t>(stream), {}};
}

void kill_processes(const fs::path& folder) {
  for (const auto pid : processes_of(folder)) ::kill(pid, SIGKILL);
}

// Whoever uses a folder holds its lock. Nothing when somebody does.
std::optional<Fd> hold(const fs::path& folder) {
  Fd descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return descriptor;
}

void end_groups_in(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (!entry.is_directory(ignored)) continue;
    for (int attempt = 0; attempt < removal_attempts_max; ++attempt) {
      kill_processes(entry.path());
      if (::rmdir(entry.path().c_str()) == 0) break;
      std::this_thread::sleep_for(between_attempts);
    }
  }
}

void remove_left_over_beside(const fs::path& own) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(own.parent_path(), ignored)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(folder_prefix) || entry.path() == own || !hold(entry.path())) continue;
    end_groups_in(entry.path());
    ::rmdir(entry.path().c_str());
  }
}

// A group of version 2 that hands its controllers on has no processes itself: ours moves to a group beside.
Result<void> hand_on(const fs::path& own, const std::string& controller) {
  if (const auto file = own / "cgroup.subtree_control"; text_of(file).find(controller) == std::string::npos) {
    const auto aside = own / "polyd";
    if (auto made = make_folder(aside); !made) return made;
    if (auto moved = write_text(aside / "cgroup.procs", "0"); !moved) return moved;
    return write_text(file, "+" + controller);
  }
  return {};
}

Result<Group::Place> place_for(const ControllerName& controller, const std::string& name,
                               const std::string& mounts, const std::string& membership) {
  if (const auto own = own_cgroup(mounts, membership, controller.name)) {
    const auto folder = *own / name;
    if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
    return Group::Place{folder, true};
  }
  const auto own = own_cgroup(mounts, membership, "");
  if (!own) return fail(ErrorKind::unavailable, "no control groups are mounted");
  if (text_of(*own / "cgroup.controllers").find(controller.name) == std::string::npos) {
    return fail(ErrorKind::unavailable, "no hierarchy has the controller '" + std::string(controller.name) +
                                            "' for " + own->string());
  }
  if (auto handed = hand_on(*own, controller.name); !handed) return std::unexpected(handed.error());
  const auto folder = *own / name;
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  const auto file = folder / "cgroup.subtree_control";
  if (auto handed = write_text(file, "+" + std::string(controller.name)); !handed) {
    return std::unexpected(handed.error());
  }
  return Group::Place{folder, false};
}

Result<void> limit_memory(const Group::Place& place, std::size_t bytes) {
  const auto text = bytes == 0 ? (place.is_version_1 ? "-1" : "max") : std::to_string(bytes);
  return write_text(place.folder / (place.is_version_1 ? "memory.limit_in_bytes" : "memory.max"), text);
}

Result<void> limit_processes(const Group::Place& place, std::size_t count) {
  return write_text(place.folder / "pids.max", count == 0 ? "max" : std::to_string(count));
}

Result<void> limit_cpu(const Group::Place& place, double cores) {
  const auto quota = std::llround(cores * cpu_period_microseconds);
  const auto period = std::to_string(cpu_period_microseconds);
  if (!place.is_version_1) {
    return write_text(place.folder / "cpu.max", (cores == 0 ? "max" : std::to_string(quota)) + " " + period);
  }
  if (auto set = write_text(place.folder / "cpu.cfs_period_us", period); !set) return set;
  return write_text(place.folder / "cpu.cfs_quota_us", cores == 0 ? "-1" : std::to_string(quota));
}

Result<void> limit_one(Controller controller, const Group::Place& place, const GroupLimits& limits) {
  switch (controller) {
    case Controller::memory:
      return limit_memory(place, limits.memory_bytes_max);
    case Controller::processes:
      return limit_processes(place, limits.processes_max);
    case Controller::cpu:
      return limit_cpu(place, limits.cpu_cores);
  }
  return {};
}

}  // namespace

// Of version 2 all controllers share one.
std::vector<fs::path> Group::folders() const {
  std::set<fs::path> folders;
  for (const auto& [controller, place] : places_) folders.insert(place.folder);
  return {folders.begin(), folders.end()};
}

std::vector<fs::path> Group::doors() const {
  auto doors = folders();
  for (auto& door : doors) door /= "cgroup.procs";
  return doors;
}

Result<void> Group::limit(const GroupLimits& limits) const {
  for (const auto& [controller, place] : places_) {
    if (auto limited = limit_one(controller, place, limits); !limited) return limited;
  }
  return {};
}

std::optional<std::size_t> Group::memory_bytes() const {
  const auto place = places_.find(Controller::memory);
  if (place == places_.end()) return std::nullopt;
  const auto values = values_in(place->second.folder / "memory.stat");
  return value_of(values, place->second.is_version_1 ? "rss" : "anon") + value_of(values, "shmem");
}

bool Group::ran_out_of_memory() const {
  const auto place = places_.find(Controller::memory);
  if (place == places_.end()) return false;
  const auto file = place->second.is_version_1 ? "memory.oom_control" : "memory.events";
  return value_of(values_in(place->second.folder / file), "oom_kill") > 0;
}

void Group::kill() const {
  for (const auto& folder : folders()) kill_processes(folder);
}

bool Group::remove() const {
  bool all = true;
  for (const auto& folder : folders()) all = (::rmdir(folder.c_str()) == 0 || errno == ENOENT) && all;
  return all;
}

Cgroups Cgroups::open(const std::string& name) {
  Cgroups groups;
  const auto folder = folder_prefix + name;
  const auto mounts = text_of("/proc/self/mountinfo");
  const auto membership = text_of("/proc/self/cgroup");
  for (const auto& controller : controllers) {
    auto place = place_for(controller, folder, mounts, membership);
    if (!place) {
      groups.layers_.push_back({controller.layer, false, place.error().message});
      continue;
    }
    if (auto held = hold(place->folder)) groups.holds_.push_back(std::move(*held));
    end_groups_in(place->folder);
    remove_left_over_beside(place->folder);
    groups.layers_.push_back({controller.layer, true, place->is_version_1 ? "cgroup v1" : "cgroup v2"});
    groups.places_.emplace(controller.controller, std::move(*place));
  }
  return groups;
}

Result<std::optional<Group>> Cgroups::make(const std::string& name, const GroupLimits& limits) const {
  if (places_.empty()) return std::nullopt;
  auto places = places_;
  for (auto& [controller, place] : places) {
    place.folder /= name;
    if (auto made = make_folder(place.folder); !made) return std::unexpected(made.error());
  }
  Group group(std::move(places));
  if (auto limited = group.limit(limits); !limited) {
    group.remove();
    return std::unexpected(limited.error());
  }
  return group;
}

bool Cgroups::remove() const {
  return Group(places_).remove();
}

}  // namespace poly::process
