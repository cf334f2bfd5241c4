#include "process/launch/enter.hpp"

#include <cstdlib>

#include <sys/prctl.h>
#include <unistd.h>

#include "process/launch/landlock.hpp"
#include "process/launch/limits.hpp"
#include "process/launch/namespaces.hpp"
#include "process/launch/privileges.hpp"
#include "process/launch/seccomp.hpp"
#include "process/launch/system_paths.hpp"

namespace poly::launch {

const char* scratch_inside(const Plan& plan) {
  return plan.namespaces ? private_scratch : plan.scratch;
}

Outcome enter(const Plan& plan) {
  const char* scratch = scratch_inside(plan);
  // First, so that what is mounted and forked below counts too.
  if (auto joined = join_cgroups(plan); !joined) return joined;
  if (plan.namespaces) {
    if (auto entered = enter_namespaces(plan); !entered) return entered;
  } else {
    if (auto become = become_user(plan); !become) return become;
  }
  if (scratch && chdir(scratch) != 0) return failed("chdir", scratch);
  // Without a scratch folder only limits are set: such a process keeps what its user may.
  if (scratch) {
    if (auto dropped = drop_capabilities(); !dropped) return dropped;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
  // In here the number of processes is that of a user of its own, when there is one.
  if (auto limited = set_limits(plan); !limited) return limited;
  if (plan.landlock) {
    if (auto applied = apply_landlock(plan, scratch); !applied) return applied;
  }
  if (plan.seccomp) return apply_seccomp(plan);
  return {};
}

}  // namespace poly::launch
