// One child process with a socket to it and its output: started, watched, killed, reaped.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <sys/types.h>

#include "base/error.hpp"
#include "base/one_shot.hpp"
#include "base/task.hpp"
#include "process/channel.hpp"
#include "process/process_limits.hpp"
#include "process/sandbox_host.hpp"

namespace poly::process {

struct Command {
  std::filesystem::path launcher;        // poly-launch
  std::vector<std::string> words;        // program and arguments
  std::vector<std::string> environment;  // all of it: nothing is inherited
  ProcessLimits limits;
  // Null: the process is held to `limits` and else may do what the user of polyd may.
  SandboxHost* sandbox_host = nullptr;
  Sandbox sandbox;
};

class Process final {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, Executor>;
  using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;

  // The child's end of the socket is the descriptor named by OPENPOLY_WORKER_FD.
  static Result<std::unique_ptr<Process>> start(Executor executor, const Command& command);
  // A process that somebody else started, in `slot` unless that is null, and reaps: `how_it_ended` tells in
  // words, once it is gone.
  static Result<std::unique_ptr<Process>> adopt(Executor executor, pid_t pid, Channel channel,
                                                std::unique_ptr<SandboxSlot> slot,
                                                std::function<Task<std::string>()> how_it_ended);
  ~Process();  // kills it, and reaps it unless it was adopted
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // As polyd sees it. In namespaces of its own the process knows itself by another number, and this one is of
  // the process that waits for it.
  pid_t pid() const { return pid_; }
  Socket& socket() { return socket_; }
  // Standard output and standard error, mixed.
  Descriptor& output() { return output_; }

  // Ends it with all that it started.
  void kill();
  // Waits for the end and tells it in words: "exited with status 3", "was killed by signal 9 (Killed)".
  Task<std::string> wait_for_end();

  // Sends `text` with a descriptor that it may read from now on. Nothing else may wait to be sent.
  Result<void> give(std::string_view text, const Fd& file);

  // Memory of it and what it started; 0 when it is gone. Where control groups are, what it shares with others
  // is not counted.
  std::size_t resident_bytes() const;
  // Another limit of memory and CPU from now on, where control groups are; see SandboxSlot::limit().
  Result<void> limit(std::size_t memory_bytes_max, double cpu_cores);

 private:
  Process(Executor executor, pid_t pid, int pidfd, Channel channel, std::unique_ptr<SandboxSlot> slot);

  pid_t pid_;
  std::unique_ptr<SandboxSlot> slot_;
  bool gone_ = false;
  std::function<Task<std::string>()> how_it_ended_;  // of an adopted process
  Descriptor pidfd_;
  Socket socket_;
  Descriptor output_;
};

// A place for `command`; null when it has no sandbox.
Result<std::unique_ptr<SandboxSlot>> take_slot(const Command& command);
// What poly-launch or poly_sandbox_enter() is told; `slot` may be null.
std::vector<std::string> launch_arguments(const Command& command, const SandboxSlot* slot);

// "exited with status 3", "was killed by signal 9 (Killed)".
std::string describe_exit(int status);
std::string describe_signal(int signal);

}  // namespace poly::process
