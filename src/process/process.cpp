#include "process/process.hpp"

#include <cstring>

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"
#include "process/process_tree.hpp"

namespace poly::process {
namespace {

constexpr int worker_fd = 3;

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

std::vector<std::string> launch_words(const Command& command, const SandboxSlot* slot) {
  auto words = launch_arguments(command, slot);
  words.insert(words.begin(), command.launcher.string());
  words.push_back("--");
  words.insert(words.end(), command.words.begin(), command.words.end());
  return words;
}

bool has_ended(int pidfd) {
  pollfd descriptor{pidfd, POLLIN, 0};
  return ::poll(&descriptor, 1, 0) == 1;
}

}  // namespace

std::string describe_exit(int status) {
  return "exited with status " + std::to_string(status);
}

std::string describe_signal(int signal) {
  return "was killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

Result<std::unique_ptr<Process>> Process::start(Executor executor, const Command& command) {
  auto channel = Channel::open();
  if (!channel) return std::unexpected(std::move(channel).error());
  auto slot = take_slot(command);
  if (!slot) return std::unexpected(std::move(slot).error());

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, channel->their_output.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, channel->their_output.get(), 2);
  posix_spawn_file_actions_adddup2(&actions, channel->their_socket.get(), worker_fd);
  // Libraries open sockets that would survive exec: a child that held a client's connection could read and
  // write it, and would keep it from closing.
  posix_spawn_file_actions_addclosefrom_np(&actions, worker_fd + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  const auto words = launch_words(command, slot->get());
  auto environment = command.environment;
  if (*slot) environment.push_back("TMPDIR=" + (*slot)->scratch().string());
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
  return std::unique_ptr<Process>(new Process(executor, pid, pidfd, std::move(*channel), std::move(*slot)));
}

Result<std::unique_ptr<Process>> Process::adopt(Executor executor, pid_t pid, Channel channel,
                                                std::unique_ptr<SandboxSlot> slot,
                                                std::function<Task<std::string>()> how_it_ended) {
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) return failed("pidfd_open", errno);
  std::unique_ptr<Process> process(new Process(executor, pid, pidfd, std::move(channel), std::move(slot)));
  process->how_it_ended_ = std::move(how_it_ended);
  return process;
}

Process::Process(Executor executor, pid_t pid, int pidfd, Channel channel, std::unique_ptr<SandboxSlot> slot)
    : pid_(pid),
      slot_(std::move(slot)),
      pidfd_(executor, pidfd),
      socket_(executor),
      output_(executor, channel.our_output.release()) {
  socket_.assign(boost::asio::local::stream_protocol(), channel.our_socket.release());
}

Process::~Process() {
  if (gone_) return;
  kill();
  if (!how_it_ended_) ::waitpid(pid_, nullptr, 0);
}

void Process::kill() {
  if (gone_) return;
  if (slot_ && slot_->has_namespaces()) {
    ::kill(pid_, SIGTERM);  // it goes last, when all inside are gone
    return;
  }
  ::kill(-pid_, SIGKILL);  // its group, once it leads one
  ::kill(pid_, SIGKILL);
  if (slot_) slot_->kill();
}

Result<void> Process::give(std::string_view text, const Fd& file) {
  const int descriptor = file.get();
  if (send_with_descriptors(socket_.native_handle(), text, {&descriptor, 1})) return {};
  return fail(ErrorKind::unavailable,
              std::string("a file could not be given to a worker: ") + std::strerror(errno));
}

Task<std::string> Process::wait_for_end() {
  siginfo_t info{};
  // A descriptor may be called ready although it is not.
  while (info.si_pid != pid_) {
    auto waiting = pidfd_.async_wait(Descriptor::wait_read, use_task);
    co_await std::move(waiting);
    if (how_it_ended_ && has_ended(pidfd_.native_handle())) break;
    if (!how_it_ended_) CHECK(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG) == 0);
  }
  ::kill(-pid_, SIGKILL);  // children that it left behind
  if (slot_) slot_->kill();
  gone_ = true;
  std::string end;
  if (how_it_ended_) {
    auto telling = how_it_ended_();
    end = co_await std::move(telling);
  } else {
    end = info.si_code == CLD_EXITED ? describe_exit(info.si_status) : describe_signal(info.si_status);
  }
  if (slot_ && slot_->ran_out_of_memory()) {
    const auto mebibytes = slot_->memory_bytes_max() >> 20;
    end += ": it used more memory than its limit of " + std::to_string(mebibytes) + " MiB";
  }
  co_return end;
}

std::size_t Process::resident_bytes() const {
  if (gone_) return 0;
  if (const auto bytes = slot_ ? slot_->memory_bytes() : std::nullopt) return *bytes;
  return resident_bytes_of_tree(pid_);
}

Result<void> Process::limit(std::size_t memory_bytes_max, double cpu_cores) {
  if (!slot_) return {};
  return slot_->limit(memory_bytes_max, cpu_cores);
}

Result<std::unique_ptr<SandboxSlot>> take_slot(const Command& command) {
  if (!command.sandbox_host) return nullptr;
  return command.sandbox_host->take(command.sandbox);
}

std::vector<std::string> launch_arguments(const Command& command, const SandboxSlot* slot) {
  if (slot) return slot->arguments(command.limits);
  return {"data=" + std::to_string(command.limits.data_bytes_max),
          "open-files=" + std::to_string(command.limits.open_files_max),
          "file-bytes=" + std::to_string(command.limits.file_bytes_max)};
}

}  // namespace poly::process
