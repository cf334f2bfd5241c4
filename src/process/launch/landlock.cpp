#include "process/launch/landlock.hpp"

#include <cstdint>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/launch/system_paths.hpp"

namespace poly::launch {
namespace {

// linux/landlock.h of the build machine may be older than the kernel that runs this.
struct RulesetAttributes {
  std::uint64_t handled_files;
  std::uint64_t handled_network;
  std::uint64_t scoped;
};
struct [[gnu::packed]] PathAttributes {
  std::uint64_t allowed;
  std::int32_t parent;
};
constexpr int rule_path_beneath = 1;
constexpr unsigned create_ruleset_version = 1;

constexpr std::uint64_t bit(int number) {
  return std::uint64_t{1} << number;
}
constexpr auto execute = bit(0), write_file = bit(1), read_file = bit(2), read_folder = bit(3);
constexpr auto truncate_file = bit(14), device_ioctl = bit(15);
constexpr auto make_character_device = bit(6), make_block_device = bit(11);
constexpr auto bind_tcp = bit(0), connect_tcp = bit(1);
constexpr auto scope_abstract_sockets = bit(0), scope_signals = bit(1);

// A rule for something that is no folder may name only these.
constexpr auto of_files = execute | write_file | read_file | truncate_file | device_ioctl;
constexpr auto reading = execute | read_file | read_folder;
constexpr auto using_devices = read_file | write_file | device_ioctl;

// All rights that a version knows: 13 of them in version 1.
std::uint64_t known_file_rights(int version) {
  const int count = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
  return bit(count) - 1;
}

class Ruleset final {
 public:
  Ruleset(int version, bool network) {
    attributes_.handled_files = known_file_rights(version);
    if (version >= 4 && !network) attributes_.handled_network = bind_tcp | connect_tcp;
    if (version >= 6) attributes_.scoped = scope_abstract_sockets | scope_signals;
    descriptor_ =
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes_, sizeof(attributes_), 0));
  }
  ~Ruleset() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  Outcome allow(const char* path, std::uint64_t rights) {
    const int target = open(path, O_PATH | O_CLOEXEC);
    if (target < 0) return failed("landlock", path);
    struct stat status{};
    const bool is_folder = fstat(target, &status) == 0 && S_ISDIR(status.st_mode);
    const PathAttributes rule{rights & attributes_.handled_files & (is_folder ? ~std::uint64_t{0} : of_files),
                              target};
    const auto added = syscall(SYS_landlock_add_rule, descriptor_, rule_path_beneath, &rule, 0);
    const int code = errno;
    close(target);
    errno = code;
    if (added != 0) return failed("landlock", path);
    return {};
  }

  Outcome allow_if_there(const char* path, std::uint64_t rights) {
    auto allowed = allow(path, rights);
    if (!allowed && allowed.error().code == ENOENT) return {};
    return allowed;
  }

  template <class Paths>
  Outcome allow_those_there(const Paths& paths, std::uint64_t rights) {
    for (const char* path : paths) {
      if (auto allowed = allow_if_there(path, rights); !allowed) return allowed;
    }
    return {};
  }

  Outcome enforce() {
    if (syscall(SYS_landlock_restrict_self, descriptor_, 0) != 0) return failed("landlock_restrict_self");
    return {};
  }

 private:
  RulesetAttributes attributes_{};
  int descriptor_ = -1;
};

Outcome add_readable(Ruleset& rules, const Plan& plan) {
  // A root of its own holds nothing else.
  if (plan.namespaces) return rules.allow("/", reading);
  auto added = rules.allow_those_there(system_paths, reading);
  if (added && plan.network) added = rules.allow_those_there(network_paths, reading);
  if (added) added = rules.allow("/proc", read_file | read_folder);
  for (const char* path : plan.readable.all()) {
    if (added) added = rules.allow(path, reading);
  }
  return added;
}

Outcome add_rules(Ruleset& rules, const Plan& plan, const char* scratch) {
  constexpr auto everything = ~(make_character_device | make_block_device | device_ioctl);
  auto added = add_readable(rules, plan);
  if (added) added = rules.allow_those_there(devices, using_devices);
  if (added && scratch) added = rules.allow(scratch, everything);
  for (const char* folder : plan.writable.all()) {
    if (added) added = rules.allow(folder, everything);
  }
  return added;
}

}  // namespace

int landlock_version() {
  const auto version = syscall(SYS_landlock_create_ruleset, nullptr, 0, create_ruleset_version);
  return version < 0 ? 0 : static_cast<int>(version);
}

Outcome apply_landlock(const Plan& plan, const char* scratch) {
  const int version = landlock_version();
  if (version == 0) return failed("landlock_create_ruleset");
  Ruleset rules(version, plan.network);
  if (!rules.is_open()) return failed("landlock_create_ruleset");
  if (auto added = add_rules(rules, plan, scratch); !added) return added;
  return rules.enforce();
}

}  // namespace poly::launch
