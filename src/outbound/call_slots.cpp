#include "outbound/call_slots.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace poly::outbound {
namespace {

Error too_many(std::string message) {
  return {ErrorKind::too_many_requests, std::move(message), "concurrency_limited", {}};
}

}  // namespace

Task<CallSlots::Slot> CallSlots::take(Executor here, TimerWheel& wheel,
                                      std::chrono::milliseconds longest_wait) {
  std::shared_ptr<Waiter> waiter;
  {
    const std::lock_guard lock(mutex_);
    if (free_ > 0) {
      --free_;
      co_return Slot(*this);
    }
    if (waiting_.size() >= slots_waiting_max)
      throw Failure(too_many("as many calls as the function may make at once are running, and 1,000 wait"));
    waiter = std::make_shared<Waiter>(here);
    waiting_.push_back(waiter);
  }
  const auto limit = wheel.schedule(longest_wait, [this, waiter] {
    if (leave(waiter))
      waiter->granted.deliver(std::unexpected(
          too_many("as many calls as the function may make at once ran for all of its time limit")));
  });
  auto waiting = waiter->granted.wait();
  co_await std::move(waiting);
  co_return Slot(*this);
}

// False when the waiter has been given its slot meanwhile.
bool CallSlots::leave(const std::shared_ptr<Waiter>& waiter) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiting_, waiter) > 0;
}

void CallSlots::give_back() {
  std::shared_ptr<Waiter> next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  const auto executor = next->here;
  boost::asio::post(executor, [next = std::move(next)] { next->granted.deliver({}); });
}

}  // namespace poly::outbound
