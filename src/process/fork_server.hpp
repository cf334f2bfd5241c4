// A process that forks others: it has loaded once what each of them needs, so that a child is there in the
// time of a fork. What runs in it is a template program (workers/python/template.py), which tells the
// protocol.
#pragma once

#include <deque>
#include <unordered_map>

#include "base/task_group.hpp"
#include "process/process.hpp"

namespace poly::process {

// Requests that the template has not answered.
inline constexpr std::size_t forks_in_flight_max = 256;

// All of it belongs to one loop.
class ForkServer final {
 public:
  // The template runs from now on; requests may be made at once.
  static Result<std::unique_ptr<ForkServer>> start(Executor executor, const Command& command);
  ~ForkServer();  // close() must have been awaited
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  // A new child, with a socket and output of its own as if `command` had been started alone: its limits and
  // its sandbox hold, its words and environment are those of the template. Throws unavailable when the
  // template is gone or cannot fork.
  Task<std::unique_ptr<Process>> fork(Command command);

  bool alive() const { return !ended_; }
  pid_t pid() const { return template_->pid(); }
  // Ends the template; it takes its children along.
  Task<void> close();

 private:
  struct Request;
  // How a child ended, for whoever waits for that.
  using Ending = OneShot<int>;

  ForkServer(Executor executor, std::unique_ptr<Process> process);

  Task<void> read_reports();
  Task<void> watch_end();
  void handle(std::string_view line, pid_t sender);
  void forked(std::uint32_t number, pid_t named, pid_t real);
  void give_up(const std::string& reason);

  Executor executor_;
  std::unique_ptr<Process> template_;
  TaskGroup tasks_;
  bool ended_ = false;
  std::uint32_t next_number_ = 1;
  std::unordered_map<std::uint32_t, Request*> requests_;
  std::unordered_map<pid_t, std::shared_ptr<Ending>> endings_;  // by the process id that the template sees
};

}  // namespace poly::process
