// The end of this turn of the loop, when everything that was readable has been handled. What is written only
// then leaves together: the other side is woken once for all of it and not once for each, which on a busy
// server is most of what a write costs. Internal to the room.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include "base/task.hpp"

namespace poly::http {

// Outlives those who wait.
class TurnEnd final {
 public:
  explicit TurnEnd(Executor executor) : executor_(executor) {}
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;

  Task<void> wait() {
    auto initiate = [this](auto handler) { add(std::move(handler)); };
    return boost::asio::async_initiate<const UseTask, void()>(std::move(initiate), use_task);
  }

 private:
  using Waiter = std::move_only_function<void()>;

  void add(Waiter waiter) {
    if (waiting_.empty()) boost::asio::post(executor_, [this] { resume_all(); });
    waiting_.push_back(std::move(waiter));
  }

  // Whoever waits again while this runs waits for the end of the next turn.
  void resume_all() {
    std::swap(waiting_, resumed_);
    for (auto& waiter : resumed_) waiter();
    resumed_.clear();
  }

  Executor executor_;
  std::vector<Waiter> waiting_;
  std::vector<Waiter> resumed_;
};

}  // namespace poly::http
