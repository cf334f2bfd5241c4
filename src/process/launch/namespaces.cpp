#include "process/launch/namespaces.hpp"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/launch/mounts.hpp"
#include "process/launch/privileges.hpp"

namespace poly::launch {
namespace {

constexpr int own_failure = 126;  // as a shell says of a program that it cannot execute
constexpr int signal_base = 128;

// How the worker ended, for the process outside.
struct Ending {
  bool known = false;
  int status = 0;  // of waitpid
};

Outcome write_text(const char* path, const char* text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return failed("open", path);
  const auto length = std::strlen(text);
  const bool written = write(file, text, length) == static_cast<ssize_t>(length);
  const int code = errno;
  close(file);
  errno = code;
  if (!written) return failed("write", path);
  return {};
}

// Inside we are who we are outside, and there is nobody else.
Outcome map_own_user(uid_t user, gid_t group) {
  char line[64];
  if (auto denied = write_text("/proc/self/setgroups", "deny"); !denied) return denied;
  std::snprintf(line, sizeof(line), "%u %u 1", group, group);
  if (auto mapped = write_text("/proc/self/gid_map", line); !mapped) return mapped;
  std::snprintf(line, sizeof(line), "%u %u 1", user, user);
  return write_text("/proc/self/uid_map", line);
}

Outcome make_namespaces(const Plan& plan, bool with_users) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
  if (with_users) flags |= CLONE_NEWUSER;
  if (!plan.network) flags |= CLONE_NEWNET;
  if (unshare(flags) != 0) return failed("unshare");
  if (with_users) return map_own_user(user, group);
  return {};
}

// All but standard error: what the worker shares with polyd ends with the worker.
void close_channels() {
  close_range(0, STDERR_FILENO - 1, 0);
  close_range(STDERR_FILENO + 1, ~0U, 0);
}

[[noreturn]] void end_as(int status) {
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  const int signal_number = WTERMSIG(status);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal_number);
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  _exit(signal_base + signal_number);
}

// Returns when a signal has come. The output of a worker has no reader any more when polyd is gone, which
// ends the worker even if it does not care for the end of its socket.
void wait_for_news(int signals, pid_t first) {
  pollfd sources[]{{signals, POLLIN, 0}, {STDERR_FILENO, 0, 0}};
  if (poll(sources, std::size(sources), -1) < 0) return;
  signalfd_siginfo received{};
  const bool is_signal = (sources[0].revents & POLLIN) && read(signals, &received, sizeof(received)) > 0;
  const bool is_left_alone = (sources[1].revents & POLLERR) != 0;
  if (is_left_alone || (is_signal && received.ssi_signo == SIGTERM)) kill(first, SIGKILL);
}

// The process outside. SIGTERM and SIGCHLD are blocked.
[[noreturn]] void wait_outside(pid_t first, const Ending& ending, const sigset_t& awaited) {
  close_channels();
  prctl(PR_SET_NAME, "poly-outside");
  const int signals = signalfd(-1, &awaited, SFD_CLOEXEC);
  if (signals < 0) {
    complain({"signalfd", "", errno});
    _exit(own_failure);
  }
  for (;;) {
    int status = 0;
    if (waitpid(first, &status, WNOHANG) == first) end_as(ending.known ? ending.status : status);
    wait_for_news(signals, first);
  }
}

// The first process inside: whoever loses its parent becomes its child.
[[noreturn]] void reap_inside(pid_t worker, Ending& ending) {
  close_channels();
  prctl(PR_SET_NAME, "poly-inside");
  for (;;) {
    int status = 0;
    const pid_t ended = wait(&status);
    if (ended != worker) continue;
    ending = {true, status};
    _exit(0);
  }
}

Outcome die_with_parent() {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("PR_SET_PDEATHSIG");
  return {};
}

// Returns in the worker only, or with what went wrong.
Outcome become_inside(const Plan& plan, bool with_users, Ending& ending, const sigset_t& old_signals) {
  setsid();
  if (auto bound = die_with_parent(); !bound) return bound;
  if (auto entered = enter_own_root(plan); !entered) return entered;
  if (!with_users) {
    if (auto become = become_user(plan); !become) return become;
    if (auto bound = die_with_parent(); !bound) return bound;
  }
  const pid_t worker = fork();
  if (worker < 0) return failed("fork");
  if (worker > 0) {
    // Nobody inside may look into this one, which holds what was here before.
    prctl(PR_SET_DUMPABLE, 0);
    reap_inside(worker, ending);
  }
  setpgid(0, 0);
  sigprocmask(SIG_SETMASK, &old_signals, nullptr);
  return {};
}

}  // namespace

Outcome enter_namespaces(const Plan& plan) {
  const bool with_users = !is_administrator();
  if (with_users) {
    if (auto become = become_user(plan); !become) return become;
  }
  if (auto made = make_namespaces(plan, with_users); !made) return made;

  void* page = mmap(nullptr, sizeof(Ending), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return failed("mmap");
  auto& ending = *new (page) Ending;

  sigset_t awaited, old_signals;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGCHLD);
  sigprocmask(SIG_BLOCK, &awaited, &old_signals);
  const pid_t first = fork();
  if (first < 0) return failed("fork");
  if (first > 0) wait_outside(first, ending, awaited);

  auto inside = become_inside(plan, with_users, ending, old_signals);
  if (inside || getpid() != 1) {
    munmap(page, sizeof(Ending));
    return inside;
  }
  complain(inside.error());
  _exit(own_failure);
}

}  // namespace poly::launch
