#include "process/launch/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace poly::launch {
namespace {

// A set of 64 capabilities is two of these.
struct Capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
};

bool has_capability(unsigned capability) {
  Capabilities own;
  if (syscall(SYS_capget, &own.header, own.data) != 0) return false;
  return (own.data[capability / 32].effective >> (capability % 32)) & 1;
}

}  // namespace

bool is_administrator() {
  return has_capability(CAP_SYS_ADMIN);
}

Outcome become_user(const Plan& plan) {
  if (plan.user == 0 || plan.user == geteuid()) return {};
  if (setgroups(0, nullptr) != 0) return failed("setgroups");
  if (setresgid(plan.user, plan.user, plan.user) != 0) return failed("setresgid");
  if (setresuid(plan.user, plan.user, plan.user) != 0) return failed("setresuid");
  // Another user's process would not own its own files in /proc.
  if (prctl(PR_SET_DUMPABLE, 1) != 0) return failed("PR_SET_DUMPABLE");
  return {};
}

Outcome drop_capabilities() {
  Capabilities none;
  if (syscall(SYS_capset, &none.header, none.data) != 0) return failed("capset");
  return {};
}

}  // namespace poly::launch
