#include "process/process.hpp"

#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"

namespace poly::process {
namespace {

constexpr int worker_fd = 3;

// Closes on leaving a scope unless released.
class Fd final {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::unexpected<Error> failed(const char* what, int code) {
  return fail(ErrorKind::unavailable,
              std::string("a worker process could not be started: ") + what + ": " + std::strerror(code));
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> launch_words(const Command& command) {
  const auto& limits = command.limits;
  std::vector<std::string> words{command.launcher.string(),
                                 std::to_string(limits.data_bytes_max),
                                 std::to_string(limits.open_files_max),
                                 std::to_string(limits.file_bytes_max),
                                 std::to_string(limits.processes_max),
                                 "--"};
  words.insert(words.end(), command.words.begin(), command.words.end());
  return words;
}

std::string describe_end(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return "exited with status " + std::to_string(info.si_status);
  return "was killed by signal " + std::to_string(info.si_status) + " (" + strsignal(info.si_status) + ")";
}

}  // namespace

Result<std::unique_ptr<Process>> Process::start(Executor executor, const Command& command) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failed("socketpair", errno);
  Fd ours(ends[0]), theirs(ends[1]);
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return failed("pipe", errno);
  Fd output(pipe_ends[0]), output_theirs(pipe_ends[1]);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output_theirs.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, output_theirs.get(), 2);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), worker_fd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  const auto words = launch_words(command);
  auto environment = command.environment;
  environment.push_back("OPENPOLY_WORKER_FD=" + std::to_string(worker_fd));
  pid_t pid = 0;
  const int problem = ::posix_spawn(&pid, command.launcher.c_str(), &actions, &attributes,
                                    pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (problem != 0) return failed(command.launcher.c_str(), problem);

  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    const int code = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return failed("pidfd_open", code);
  }
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Process>(new Process(executor, pid, pidfd, ours.release(), output.release()));
}

Process::Process(Executor executor, pid_t pid, int pidfd, int socket, int output)
    : pid_(pid), pidfd_(executor, pidfd), socket_(executor), output_(executor, output) {
  socket_.assign(boost::asio::local::stream_protocol(), socket);
}

Process::~Process() {
  if (reaped_) return;
  kill();
  ::waitpid(pid_, nullptr, 0);
}

void Process::kill() {
  if (reaped_) return;
  ::kill(-pid_, SIGKILL);  // its group, once it leads one
  ::kill(pid_, SIGKILL);
}

Task<std::string> Process::wait_for_end() {
  siginfo_t info{};
  // A descriptor may be called ready although it is not.
  while (info.si_pid != pid_) {
    auto waiting = pidfd_.async_wait(Descriptor::wait_read, use_task);
    co_await std::move(waiting);
    CHECK(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG) == 0);
  }
  ::kill(-pid_, SIGKILL);  // children that it left behind
  reaped_ = true;
  co_return describe_end(info);
}

std::size_t Process::resident_bytes() const {
  std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  static const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return resident_pages * page_bytes;
}

}  // namespace poly::process
