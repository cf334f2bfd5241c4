#include "process/launch/seccomp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace poly::launch {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#else
#error "the list of system calls is checked on x86-64 and arm64 only"
#endif

constexpr int denied[] = {
    // Other processes.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_kcmp,
    SYS_pidfd_getfd,
    SYS_migrate_pages,
    SYS_move_pages,
    // Mounts, roots and namespaces.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_open_tree,
    SYS_move_mount,
    SYS_mount_setattr,
    SYS_unshare,
    SYS_setns,
    SYS_name_to_handle_at,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    SYS_quotactl,
    SYS_quotactl_fd,
    // The machine.
    SYS_reboot,
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_syslog,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_vhangup,
    SYS_nfsservctl,
    // Parts of the kernel that are large, and of no use here.
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_set_mempolicy,
    SYS_mbind,
    SYS_lookup_dcookie,
    SYS_personality,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_set_mempolicy_home_node
    SYS_set_mempolicy_home_node,
#endif
#ifdef __x86_64__
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS_ustat,
    SYS_sysfs,
    SYS__sysctl,
    SYS_create_module,
    SYS_get_kernel_syms,
    SYS_query_module,
#endif
};

// Programs fall back to clone, whose flags can be looked at, and to epoll.
constexpr int absent[] = {SYS_clone3, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register};

// Without a namespace of processes the process group is what everything is ended by.
constexpr int leaving_the_group[] = {SYS_setsid, SYS_setpgid};

constexpr std::uint32_t namespace_flags =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint32_t socket_type_mask = 0xf;
#ifdef __x86_64__
constexpr std::uint32_t x32_calls = 0x4000'0000;
#endif

constexpr std::uint32_t allow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t refuse(int code) {
  return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code);
}

// A program for the kernel's filter machine: it has one register and jumps forward only.
class Filter final {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  // The lower half: that of every flag and number here.
  void load_argument(std::size_t index) {
    load(offsetof(seccomp_data, args) + index * sizeof(std::uint64_t));
  }
  void mask(std::uint32_t bits) { add(BPF_ALU | BPF_AND | BPF_K, bits); }
  void answer(std::uint32_t action) { add(BPF_RET | BPF_K, action); }
  void answer_unless_equal(std::uint32_t value, std::uint32_t action) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value);
    instructions_[count_ - 1].jt = 1;
    answer(action);
  }
  void answer_if_equal(std::uint32_t value, std::uint32_t action) { answer_if(BPF_JEQ, value, action); }
  void answer_if_any_bit(std::uint32_t bits, std::uint32_t action) { answer_if(BPF_JSET, bits, action); }
  void answer_if_at_least(std::uint32_t value, std::uint32_t action) { answer_if(BPF_JGE, value, action); }

  // What is added by `block` is run for this system call only, and has to answer.
  template <class Block>
  void only_for(int call, Block block) {
    const auto jump = count_;
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call));
    block();
    instructions_[jump].jf = static_cast<std::uint8_t>(count_ - jump - 1);
  }

  Outcome apply() {
    const sock_fprog program{static_cast<unsigned short>(count_), instructions_.data()};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return failed("seccomp");
    return {};
  }

 private:
  void add(unsigned code, std::uint32_t value) {
    instructions_[count_++] = {static_cast<std::uint16_t>(code), 0, 0, value};
  }
  void answer_if(unsigned comparison, std::uint32_t value, std::uint32_t action) {
    add(BPF_JMP | comparison | BPF_K, value);
    instructions_[count_ - 1].jf = 1;
    answer(action);
  }

  std::array<sock_filter, 512> instructions_{};  // the lists above need less than half
  std::size_t count_ = 0;
};

template <std::size_t count>
void answer_all(Filter& filter, const int (&calls)[count], std::uint32_t action) {
  for (const int call : calls) filter.answer_if_equal(static_cast<std::uint32_t>(call), action);
}

void filter_sockets(Filter& filter, const Plan& plan) {
  filter.only_for(SYS_socket, [&] {
    filter.load_argument(1);
    filter.mask(socket_type_mask);
    filter.answer_if_equal(SOCK_RAW, refuse(EACCES));
    filter.answer_if_equal(SOCK_PACKET, refuse(EACCES));
    filter.load_argument(0);
    // In namespaces there are no sockets but one's own; outside, those of services lie in the file system.
    if (plan.namespaces) filter.answer_if_equal(AF_UNIX, allow);
    if (plan.network) filter.answer_if_equal(AF_INET, allow);
    if (plan.network) filter.answer_if_equal(AF_INET6, allow);
    filter.answer(refuse(EACCES));
  });
  filter.only_for(SYS_socketpair, [&] {
    filter.load_argument(0);
    filter.answer_if_equal(AF_UNIX, allow);
    filter.answer(refuse(EACCES));
  });
}

}  // namespace

Outcome apply_seccomp(const Plan& plan) {
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.answer_unless_equal(own_architecture, SECCOMP_RET_KILL_PROCESS);
  filter.load(offsetof(seccomp_data, nr));
#ifdef __x86_64__
  filter.answer_if_at_least(x32_calls, refuse(ENOSYS));
#endif
  answer_all(filter, denied, refuse(EPERM));
  answer_all(filter, absent, refuse(ENOSYS));
  if (!plan.namespaces) answer_all(filter, leaving_the_group, refuse(EPERM));
  filter.only_for(SYS_clone, [&] {
    filter.load_argument(0);
    filter.answer_if_any_bit(namespace_flags, refuse(EPERM));
    filter.answer(allow);
  });
  filter_sockets(filter, plan);
  filter.answer(allow);
  return filter.apply();
}

}  // namespace poly::launch
