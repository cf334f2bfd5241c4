// A coroutine's bell: one waits, another part of the same loop rings. Internal to the room.
#pragma once

#include <chrono>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/task.hpp"

namespace poly::http {

class Wake final {
 public:
  explicit Wake(Executor executor) : timer_(executor, std::chrono::steady_clock::time_point::max()) {}

  // Ends the wait, the one in progress or the next.
  void ring() {
    rung_ = true;
    timer_.cancel();
  }

  Task<void> wait() {
    while (!rung_) {
      boost::system::error_code woken;
      auto token = boost::asio::redirect_error(use_task, woken);
      auto waiting = timer_.async_wait(std::move(token));
      co_await std::move(waiting);
    }
  }

 private:
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer_;
  bool rung_ = false;
};

}  // namespace poly::http
