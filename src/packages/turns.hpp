// Lets so many in at once; the others wait in order, and past a limit they are refused.
#pragma once

#include <deque>
#include <memory>

#include "base/one_shot.hpp"

namespace poly::packages {

class Turns final {
 public:
  // Given back when it goes away.
  class Turn final {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_) turns_->give_back();
    }

   private:
    Turns* turns_;
  };

  Turns(Executor executor, std::size_t at_once, std::size_t waiting_max)
      : executor_(executor), free_(at_once), waiting_max_(waiting_max) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  // Throws too_many_requests.
  Task<Turn> take() {
    if (free_ > 0) {
      --free_;
      co_return Turn(*this);
    }
    if (waiting_.size() >= waiting_max_) {
      throw Failure(ErrorKind::too_many_requests,
                    "too many deploys wait for their packages; try again later");
    }
    const auto mine = std::make_shared<OneShot<Turn>>(executor_);
    waiting_.push_back(mine);
    auto waiting = mine->wait();
    co_return co_await std::move(waiting);
  }

 private:
  void give_back() {
    ++free_;
    while (free_ > 0 && !waiting_.empty()) {
      const auto next = waiting_.front().lock();
      waiting_.pop_front();
      if (!next) continue;  // nobody waits any more
      --free_;
      next->deliver(Turn(*this));
    }
  }

  Executor executor_;
  std::size_t free_;
  std::size_t waiting_max_;
  std::deque<std::weak_ptr<OneShot<Turn>>> waiting_;
};

}  // namespace poly::packages
