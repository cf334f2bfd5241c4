// Owns tasks that run beside each other: nothing runs unowned. All members belong to one loop.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <string_view>

#include "base/task.hpp"

namespace poly {

class TaskGroup final {
 public:
  // `name` tells whose task failed when an exception reaches the edge of the group.
  TaskGroup(Executor executor, std::string_view name);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // the group must be empty (see join)

  // Starts `task`; an exception out of it is logged, never lost. Call on the group's loop.
  void spawn(Task<void> task);

  // Asks every member to stop at its next wait. Only on the group's loop: from elsewhere the request would arrive
  // later, when the member may be gone.
  void cancel();
  Task<void> join();  // returns when the last member is gone

  std::size_t size() const { return signals_.size(); }
  Executor executor() const { return executor_; }

 private:
  using Signals = std::list<boost::asio::cancellation_signal>;
  void finished(Signals::iterator member, std::exception_ptr problem);

  Executor executor_;
  std::string_view name_;
  Signals signals_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    Executor>
      empty_;
};

}  // namespace poly
