#include "process/sandbox_host.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/codec.hpp"
#include "base/log.hpp"
#include "process/channel.hpp"

namespace poly::process {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_removals{5};
constexpr int removals_max = 400;
// Without a user or a namespace of its own a worker shares this number with all processes of polyd's user: it
// stops a fork bomb, and nothing else.
constexpr std::size_t processes_of_shared_user_max = 8'192;
constexpr mode_t private_folder_mode = 0700;

std::unexpected<Error> failed(const std::string& what) {
  return fail(ErrorKind::unavailable, what + ": " + std::strerror(errno));
}

// Standard output of a program of ours that is soon done. Its complaints go to our standard error.
Result<std::string> output_of(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("pipe");
  Fd reading(ends[0]), writing(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<char*, 1> no_environment{};
  pid_t pid = 0;
  errno = ::posix_spawn(&pid, words[0].c_str(), &actions, nullptr, pointers.data(), no_environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return failed(words[0]);
  writing = Fd();
  std::string output;
  std::array<char, 4096> chunk{};
  for (ssize_t count = 1; count > 0;) {
    count = ::read(reading.get(), chunk.data(), chunk.size());
    if (count > 0) output.append(chunk.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0)
    return fail(ErrorKind::unavailable, words[0] + " ended with status " + std::to_string(status));
  return output;
}

std::size_t hash_of(const fs::path& path) {
  return std::hash<std::string>()(path.string());
}

std::string group_name(const fs::path& folder) {
  return std::to_string(hash_of(folder));
}

void add(std::vector<std::string>& arguments, const char* name, std::size_t value) {
  if (value > 0) arguments.push_back(std::string(name) + "=" + std::to_string(value));
}

void add(std::vector<std::string>& arguments, const char* name, bool value) {
  arguments.push_back(std::string(name) + (value ? "=yes" : "=no"));
}

void add(std::vector<std::string>& arguments, const char* name, const fs::path& path) {
  arguments.push_back(std::string(name) + "=" + path.string());
}

// A folder with all in it, itself last: whoever owns it owns the rest.
Result<void> give(const fs::path& folder, std::uint32_t user) {
  struct stat status{};
  if (::lstat(folder.c_str(), &status) != 0) return failed(folder.string());
  if (status.st_uid == user) return {};
  std::error_code problem;
  for (fs::recursive_directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (::lchown(entry->path().c_str(), user, user) != 0) return failed(entry->path().string());
  }
  if (problem) return fail(ErrorKind::unavailable, folder.string() + ": " + problem.message());
  if (::lchown(folder.c_str(), user, user) != 0) return failed(folder.string() + " cannot be given away");
  return {};
}

std::size_t group_memory(std::size_t memory_bytes_max) {
  return memory_bytes_max == 0 ? 0 : memory_bytes_max + memory_slack_bytes;
}

}  // namespace

SandboxSlot::SandboxSlot(SandboxHost& host, std::uint32_t number, Sandbox sandbox, std::optional<Group> group)
    : host_(host), number_(number), sandbox_(std::move(sandbox)), group_(std::move(group)) {}

SandboxSlot::~SandboxSlot() {
  host_.give_back({number_, std::move(group_)});
}

std::vector<std::string> SandboxSlot::arguments(const ProcessLimits& limits) const {
  std::vector<std::string> all;
  add(all, "data", limits.data_bytes_max);
  add(all, "open-files", limits.open_files_max);
  const auto room = sandbox_.writable.empty() ? sandbox_.scratch_bytes_max : limits.file_bytes_max;
  add(all, "file-bytes", std::min(limits.file_bytes_max, room));
  const bool is_alone = host_.namespaces_ || host_.own_user_;
  add(all, "processes", is_alone ? sandbox_.processes_max : processes_of_shared_user_max);
  if (const auto user = host_.user_for(number_, sandbox_)) add(all, "user", std::size_t{*user});
  add(all, "namespaces", host_.namespaces_);
  add(all, "landlock", host_.landlock_);
  add(all, "seccomp", host_.seccomp_);
  add(all, "network", sandbox_.network);
  add(all, "scratch", host_.folder_of(number_));
  add(all, "scratch-bytes", sandbox_.scratch_bytes_max);
  for (const auto& path : sandbox_.readable) add(all, "read", path);
  for (const auto& path : sandbox_.writable) add(all, "write", path);
  if (!group_) return all;
  for (const auto& door : group_->doors()) add(all, "cgroup", door);
  return all;
}

fs::path SandboxSlot::scratch() const {
  if (!sandbox_.writable.empty()) return sandbox_.writable.front();
  return host_.namespaces_ ? fs::path("/tmp") : host_.folder_of(number_);
}

bool SandboxSlot::has_namespaces() const {
  return host_.namespaces_;
}

Result<void> SandboxSlot::limit(std::size_t memory_bytes_max, double cpu_cores) {
  sandbox_.memory_bytes_max = memory_bytes_max;
  sandbox_.cpu_cores = cpu_cores;
  if (!group_) return {};
  return group_->limit({group_memory(memory_bytes_max), sandbox_.processes_max, cpu_cores});
}

void SandboxSlot::kill() const {
  if (group_) group_->kill();
}

Result<std::unique_ptr<SandboxHost>> SandboxHost::open(SandboxSettings settings) {
  std::error_code problem;
  settings.folder = fs::absolute(settings.folder).lexically_normal();
  fs::remove_all(settings.folder, problem);
  fs::create_directories(settings.folder, problem);
  if (problem) {
    return fail(ErrorKind::unavailable, "the folder of the sandboxes, " + settings.folder.string() +
                                            ", cannot be made: " + problem.message());
  }
  std::unique_ptr<SandboxHost> host(new SandboxHost(std::move(settings)));
  if (auto found = host->find_out(); !found) return std::unexpected(found.error());
  return host;
}

SandboxHost::SandboxHost(SandboxSettings settings)
    : settings_(std::move(settings)),
      groups_(Cgroups::open(group_name(settings_.folder))),
      // Two programs on one machine give their workers different users, as a rule.
      next_number_(static_cast<std::uint32_t>(hash_of(settings_.folder) % slots_max)),
      cleaner_([this] { clean_up(); }) {}

SandboxHost::~SandboxHost() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  something_remains_.notify_one();
  cleaner_.join();
  groups_.remove();
  std::error_code ignored;
  fs::remove_all(settings_.folder, ignored);
}

Result<void> SandboxHost::find_out() {
  const auto number = take_number().value();
  if (auto made = make_folders(number, {}); !made) return made;
  // The root of a container may have no other users.
  own_user_ = ::geteuid() == 0 && give(folder_of(number), settings_.first_user + number);
  auto found = try_layers(number);
  give_back({number, std::nullopt});
  if (!found) return std::unexpected(found.error());
  report_ = std::move(*found);
  report_.layers.insert(report_.layers.end(), groups_.layers().begin(), groups_.layers().end());
  namespaces_ = report_.has("namespaces");
  own_user_ = report_.has("own_user");
  landlock_ = report_.has("landlock");
  seccomp_ = report_.has("seccomp");
  return {};
}

Result<SandboxReport> SandboxHost::try_layers(std::uint32_t number) const {
  std::vector<std::string> words{settings_.launcher.string(), "--probe"};
  for (const auto& path : settings_.readable) add(words, "read", path);
  add(words, "namespaces", true);
  add(words, "scratch", folder_of(number));
  add(words, "scratch-bytes", Sandbox().scratch_bytes_max);
  if (const auto user = user_for(number, {})) add(words, "user", std::size_t{*user});
  const auto output = output_of(std::move(words));
  if (!output) return std::unexpected(output.error());
  const auto json = parse_json(*output, "what poly-launch found out");
  if (!json) return std::unexpected(json.error());
  return decode<SandboxReport>(*json);
}

fs::path SandboxHost::folder_of(std::uint32_t number) const {
  return settings_.folder / std::to_string(number);
}

std::optional<std::uint32_t> SandboxHost::user_for(std::uint32_t number, const Sandbox& sandbox) const {
  if (!own_user_) return std::nullopt;
  return settings_.first_user + (sandbox.writable.empty() ? number : slots_max);
}

Result<void> SandboxHost::make_folders(std::uint32_t number, const Sandbox& sandbox) const {
  const auto folder = folder_of(number);
  if (::mkdir(folder.c_str(), private_folder_mode) != 0) return failed(folder.string() + " cannot be made");
  const auto user = user_for(number, sandbox);
  if (!user) return {};
  if (auto given = give(folder, *user); !given) return given;
  for (const auto& writable : sandbox.writable) {
    if (auto given = give(writable, *user); !given) return given;
  }
  return {};
}

std::optional<std::uint32_t> SandboxHost::take_number() {
  const std::lock_guard lock(mutex_);
  if (taken_.size() >= slots_max) return std::nullopt;
  while (!taken_.insert(next_number_).second) next_number_ = (next_number_ + 1) % slots_max;
  return std::exchange(next_number_, (next_number_ + 1) % slots_max);
}

Result<std::unique_ptr<SandboxSlot>> SandboxHost::take(const Sandbox& sandbox) {
  const auto number = take_number();
  if (!number) return fail(ErrorKind::unavailable, "65536 sandboxes are in use");
  auto group = groups_.make(std::to_string(*number), {group_memory(sandbox.memory_bytes_max),
                                                      sandbox.processes_max, sandbox.cpu_cores});
  auto made = make_folders(*number, sandbox);
  std::unique_ptr<SandboxSlot> slot(
      new SandboxSlot(*this, *number, sandbox, group ? std::move(*group) : std::nullopt));
  if (!group) return std::unexpected(group.error());
  if (!made) return std::unexpected(made.error());
  return slot;
}

void SandboxHost::give_back(Remains remains) {
  {
    const std::lock_guard lock(mutex_);
    remains_.push_back(std::move(remains));
  }
  something_remains_.notify_one();
}

void SandboxHost::clean_up() {
  std::unique_lock lock(mutex_);
  for (;;) {
    something_remains_.wait(lock, [this] { return stopping_ || !remains_.empty(); });
    if (remains_.empty()) return;
    const auto remains = std::move(remains_.front());
    remains_.pop_front();
    lock.unlock();
    remove(remains);
    lock.lock();
    taken_.erase(remains.number);
  }
}

// The kernel takes a moment to let go of a group whose processes have ended.
void SandboxHost::remove(const Remains& remains) const {
  std::error_code problem;
  const auto folder = folder_of(remains.number);
  fs::remove_all(folder, problem);
  if (problem) {
    log(LogLevel::warn, "a sandbox could not be removed",
        {{"folder", folder.string()}, {"error", problem.message()}});
  }
  if (!remains.group) return;
  for (int attempt = 0; !remains.group->remove(); ++attempt) {
    if (attempt == removals_max) {
      log(LogLevel::warn, "a control group could not be removed", {{"number", remains.number}});
      return;
    }
    remains.group->kill();
    std::this_thread::sleep_for(between_removals);
  }
}

}  // namespace poly::process
