#include "process/launch/probe.hpp"

#include <cstdio>
#include <cstring>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/launch/enter.hpp"
#include "process/launch/landlock.hpp"
#include "process/launch/namespaces.hpp"
#include "process/launch/privileges.hpp"
#include "process/launch/seccomp.hpp"

namespace poly::launch {
namespace {

struct Trial {
  bool well = false;
  char said[512]{};  // the complaint, without the name of this program
};

constexpr const char* own_name = "poly-launch: ";

void keep_first_line(Trial& trial) {
  trial.said[std::strcspn(trial.said, "\n")] = '\0';
  if (std::strncmp(trial.said, own_name, std::strlen(own_name)) != 0) return;
  std::memmove(trial.said, trial.said + std::strlen(own_name),
               std::strlen(trial.said) - std::strlen(own_name) + 1);
}

template <class Step>
Trial attempt(Step step) {
  Trial trial;
  int ends[2];
  if (pipe(ends) != 0) return trial;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    const auto outcome = step();
    if (!outcome) complain(outcome.error());
    _exit(outcome ? 0 : 1);
  }
  close(ends[1]);
  std::size_t length = 0;
  for (ssize_t count = 1; count > 0 && length < sizeof(trial.said) - 1;) {
    count = read(ends[0], trial.said + length, sizeof(trial.said) - 1 - length);
    if (count > 0) length += static_cast<std::size_t>(count);
  }
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  trial.well = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  keep_first_line(trial);
  return trial;
}

Outcome try_files(const Plan& plan) {
  for (const char* path : plan.readable.all()) {
    struct stat status{};
    if (stat(path, &status) != 0) return failed("read", path);
    // A folder that can be entered is enough: what it holds need not be told.
    if (access(path, S_ISDIR(status.st_mode) ? X_OK : R_OK) != 0) return failed("read", path);
  }
  const char* scratch = scratch_inside(plan);
  if (scratch && access(scratch, W_OK | X_OK) != 0) return failed("write", scratch);
  return {};
}

// As the worker would be, and able to read what it needs.
Trial attempt_entering(Plan plan, bool namespaces, uid_t user) {
  plan.namespaces = namespaces;
  plan.user = user;
  return attempt([&plan]() -> Outcome {
    auto entered = plan.namespaces ? enter_namespaces(plan) : become_user(plan);
    if (!entered) return entered;
    return try_files(plan);
  });
}

void print_text(const char* text) {
  for (; *text; ++text) {
    if (*text == '"' || *text == '\\') std::putchar('\\');
    if (static_cast<unsigned char>(*text) >= 0x20) std::putchar(*text);
  }
}

class Report final {
 public:
  Report() { std::fputs("{\"layers\":[", stdout); }
  ~Report() { std::puts("]}"); }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  void add(const char* name, bool on, const char* note) {
    std::printf("%s{\"name\":\"%s\",\"on\":%s,\"note\":\"", first_ ? "" : ",", name, on ? "true" : "false");
    print_text(note);
    std::fputs("\"}", stdout);
    first_ = false;
  }

 private:
  bool first_ = true;
};

void add_landlock(Report& report) {
  char note[32];
  const int version = landlock_version();
  std::snprintf(note, sizeof(note), "version %d", version);
  report.add("landlock", version > 0,
             version > 0 ? note : "the kernel has no Landlock, or it is switched off");
}

void add_seccomp(Report& report, const Plan& plan) {
  const auto trial = attempt([&plan]() -> Outcome {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
    return apply_seccomp(plan);
  });
  report.add("seccomp", trial.well, trial.said);
}

// Both together if that works, else the namespaces, else the user.
void add_namespaces_and_user(Report& report, const Plan& plan) {
  const auto both = attempt_entering(plan, plan.namespaces, plan.user);
  if (both.well || plan.user == 0) {
    report.add("namespaces", plan.namespaces && both.well, both.said);
    report.add("own_user", plan.user != 0,
               plan.user != 0 ? "" : "polyd is not root, or there are no other users here");
    return;
  }
  const auto namespaces = attempt_entering(plan, plan.namespaces, 0);
  if (plan.namespaces && namespaces.well) {
    report.add("namespaces", true, "");
    report.add("own_user", false, both.said);
    return;
  }
  const auto user = attempt_entering(plan, false, plan.user);
  report.add("namespaces", false, namespaces.said);
  report.add("own_user", user.well, user.said);
}

}  // namespace

int probe(const Plan& plan) {
  std::setvbuf(stdout, nullptr, _IOFBF, BUFSIZ);
  {
    Report report;
    add_landlock(report);
    add_seccomp(report, plan);
    std::fflush(stdout);  // children would write what is not yet written
    add_namespaces_and_user(report, plan);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace poly::launch
