// A helper process with one function built in: started when it is first asked, kept for the next question,
// put away when nobody asks. A toolchain is one; so is the reader of foreign descriptions.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/task_group.hpp"
#include "runtime/worker.hpp"

namespace poly::runtime {

// Belongs to one loop.
class ToolProcess final {
 public:
  // `name` is how errors call it: "the language toolchain".
  ToolProcess(Executor executor, TimerWheel& wheel, std::string name,
              std::function<process::Command()> command);
  ToolProcess(const ToolProcess&) = delete;
  ToolProcess& operator=(const ToolProcess&) = delete;

  // The body of its answer. Throws Failure: timeout, internal when the process failed, unavailable when it
  // cannot be started.
  Task<std::string> ask(std::string question);

  // Kills it and waits until nothing of it is left.
  Task<void> close();

 private:
  Task<std::shared_ptr<Worker>> ready();
  void stop();
  static Task<void> bury(std::shared_ptr<Worker> worker);

  Executor executor_;
  TimerWheel& wheel_;
  std::string name_;
  std::function<process::Command()> command_;
  TaskGroup tasks_;
  std::shared_ptr<Worker> worker_;
  std::size_t calls_ = 0;
  TimerWheel::Handle idle_;
};

}  // namespace poly::runtime
