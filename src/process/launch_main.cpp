// poly-launch: narrows what a process may do, then becomes it. polyd starts every worker through this
// program.
//
//   poly-launch data_bytes open_files file_bytes processes -- command argument…
//
// Limits are soft and hard; 0 leaves a limit as it is. The process dies with the thread that started it,
// gains no privileges by exec, and leads a group of its own so that it can be killed with its children.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

[[noreturn]] void stop(const char* what) {
  std::fprintf(stderr, "poly-launch: %s: %s\n", what, std::strerror(errno));
  _exit(126);
}

void limit(int resource, const char* text, const char* name) {
  const unsigned long long most = std::strtoull(text, nullptr, 10);
  if (most == 0) return;
  rlimit wanted{most, most};
  rlimit current{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &current) == 0 && current.rlim_max < most) {
    wanted = {current.rlim_max, current.rlim_max};
  }
  if (setrlimit(static_cast<__rlimit_resource>(resource), &wanted) != 0) stop(name);
}

}  // namespace

int main(int count, char** arguments) {
  constexpr int command_at = 6;
  if (count <= command_at || std::strcmp(arguments[command_at - 1], "--") != 0) {
    std::fputs("usage: poly-launch data_bytes open_files file_bytes processes -- command argument…\n",
               stderr);
    return 64;
  }
  if (setpgid(0, 0) != 0 && errno != EPERM) stop("setpgid");
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) stop("PR_SET_PDEATHSIG");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) stop("PR_SET_NO_NEW_PRIVS");
  limit(RLIMIT_DATA, arguments[1], "RLIMIT_DATA");
  limit(RLIMIT_NOFILE, arguments[2], "RLIMIT_NOFILE");
  limit(RLIMIT_FSIZE, arguments[3], "RLIMIT_FSIZE");
  limit(RLIMIT_NPROC, arguments[4], "RLIMIT_NPROC");
  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0) stop("RLIMIT_CORE");
  execv(arguments[command_at], arguments + command_at);
  stop(arguments[command_at]);
}
