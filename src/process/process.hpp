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

namespace poly::process {

struct ProcessLimits {
  std::size_t data_bytes_max = 0;  // 0: unlimited (RLIMIT_DATA)
  std::size_t open_files_max = 256;
  std::size_t file_bytes_max = 64 << 20;
  std::size_t processes_max = 0;
};

struct Command {
  std::filesystem::path launcher;        // poly-launch
  std::vector<std::string> words;        // program and arguments
  std::vector<std::string> environment;  // all of it: nothing is inherited
  ProcessLimits limits;
};

class Process final {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, Executor>;
  using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;

  // The child's end of the socket is the descriptor named by OPENPOLY_WORKER_FD.
  static Result<std::unique_ptr<Process>> start(Executor executor, const Command& command);
  // A process that somebody else started and reaps: `how_it_ended` tells in words, once it is gone.
  static Result<std::unique_ptr<Process>> adopt(Executor executor, pid_t pid, Channel channel,
                                                std::function<Task<std::string>()> how_it_ended);
  ~Process();  // kills the process group, and reaps it unless it was adopted
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  Socket& socket() { return socket_; }
  // Standard output and standard error, mixed.
  Descriptor& output() { return output_; }

  void kill();
  // Waits for the end and tells it in words: "exited with status 3", "was killed by signal 9 (Killed)".
  Task<std::string> wait_for_end();

  std::size_t resident_bytes() const;  // 0 when it is gone

 private:
  Process(Executor executor, pid_t pid, int pidfd, Channel channel);

  pid_t pid_;
  bool gone_ = false;
  std::function<Task<std::string>()> how_it_ended_;  // of an adopted process
  Descriptor pidfd_;
  Socket socket_;
  Descriptor output_;
};

// "exited with status 3", "was killed by signal 9 (Killed)".
std::string describe_exit(int status);
std::string describe_signal(int signal);

}  // namespace poly::process
