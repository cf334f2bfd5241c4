// poly-launch: narrows what a process may do, then becomes it. polyd starts every process that is not polyd
// through this program.
//
//   poly-launch [name=value…] -- command argument…
//   poly-launch --probe [name=value…]
//
// docs/sandbox.md lists the names. The process dies with the thread that started it, leads a group of its own
// so that it can be killed with its children, gains no privileges by exec and leaves no core.
#include <csignal>
#include <cstdio>
#include <cstring>

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "process/launch/enter.hpp"
#include "process/launch/probe.hpp"

namespace {

using namespace poly::launch;

constexpr int usage_exit = 64;
constexpr int failure_exit = 126;
constexpr int first_unwanted_descriptor = 4;  // 3 is the worker's socket

Outcome bind_to_parent() {
  if (setpgid(0, 0) != 0 && errno != EPERM) return failed("setpgid");
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("PR_SET_PDEATHSIG");
  return {};
}

Outcome launch(const Plan& plan, char** command) {
  if (auto bound = bind_to_parent(); !bound) return bound;
  if (close_range(first_unwanted_descriptor, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return failed("close_range");
  if (auto entered = enter(plan); !entered) return entered;
  // A change of the user made the kernel forget it; inside namespaces the first process takes care.
  if (!plan.namespaces && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("PR_SET_PDEATHSIG");
  execv(command[0], command);
  return failed("execute", command[0]);
}

int give_usage() {
  std::fputs("usage: poly-launch [name=value…] -- command argument…\n", stderr);
  return usage_exit;
}

}  // namespace

int main(int count, char** arguments) {
  const bool probing = count > 1 && std::strcmp(arguments[1], "--probe") == 0;
  Plan plan;
  int next = probing ? 2 : 1;
  for (; next < count && std::strcmp(arguments[next], "--") != 0; ++next) {
    if (auto taken = take_argument(plan, arguments[next]); !taken) {
      complain(taken.error());
      return give_usage();
    }
  }
  if (probing) return probe(plan);
  if (next + 1 >= count) return give_usage();
  const auto outcome = launch(plan, arguments + next + 1);
  complain(outcome.error());
  _exit(failure_exit);
}
