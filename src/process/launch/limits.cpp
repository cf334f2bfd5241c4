#include "process/launch/limits.hpp"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poly::launch {
namespace {

// Soft and hard, and never above what it was.
Outcome set_limit(__rlimit_resource resource, unsigned long long most, const char* name) {
  rlimit current{};
  if (getrlimit(resource, &current) != 0) return failed(name);
  const rlim_t wanted = std::min<rlim_t>(most, current.rlim_max);
  const rlimit narrowed{wanted, wanted};
  if (setrlimit(resource, &narrowed) != 0) return failed(name);
  return {};
}

}  // namespace

Outcome set_limits(const Plan& plan) {
  const struct {
    __rlimit_resource resource;
    unsigned long long most;
    const char* name;
  } limits[] = {
      {RLIMIT_DATA, plan.data_bytes_max, "RLIMIT_DATA"},
      {RLIMIT_NOFILE, plan.open_files_max, "RLIMIT_NOFILE"},
      {RLIMIT_FSIZE, plan.file_bytes_max, "RLIMIT_FSIZE"},
      {RLIMIT_NPROC, plan.processes_max, "RLIMIT_NPROC"},
  };
  for (const auto& limit : limits) {
    if (limit.most == 0) continue;
    if (auto set = set_limit(limit.resource, limit.most, limit.name); !set) return set;
  }
  // A file that may not grow is an error for whoever writes it, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  return set_limit(RLIMIT_CORE, 0, "RLIMIT_CORE");
}

Outcome join_cgroups(const Plan& plan) {
  for (const char* group : plan.cgroups.all()) {
    const int file = open(group, O_WRONLY | O_CLOEXEC);
    if (file < 0) return failed("cgroup", group);
    const bool joined = write(file, "0\n", 2) == 2;
    const int code = errno;
    close(file);
    errno = code;
    if (!joined) return failed("cgroup", group);
  }
  return {};
}

}  // namespace poly::launch
