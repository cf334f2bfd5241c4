// How many calls of a function run at once, on all loops together; the others stand in a queue.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "base/one_shot.hpp"
#include "base/timer_wheel.hpp"

namespace poly::outbound {

inline constexpr std::size_t slots_waiting_max = 1'000;

class CallSlots final {
 public:
  explicit CallSlots(int count) : free_(count) {}
  ~CallSlots() = default;  // every slot has been given back
  CallSlots(const CallSlots&) = delete;
  CallSlots& operator=(const CallSlots&) = delete;

  class Slot final {
   public:
    Slot() = default;
    explicit Slot(CallSlots& slots) : slots_(&slots) {}
    Slot(Slot&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(slots_, other.slots_);
      return *this;
    }
    ~Slot() {
      if (slots_) slots_->give_back();
    }

   private:
    CallSlots* slots_ = nullptr;
  };

  // A slot for the calling loop, first come first served. Throws Failure{too_many_requests} when the queue is
  // full or none was free within `longest_wait`.
  Task<Slot> take(Executor here, TimerWheel& wheel, std::chrono::milliseconds longest_wait);

 private:
  struct Waiter {
    explicit Waiter(Executor loop) : here(loop), granted(loop) {}
    Executor here;
    OneShot<void> granted;
  };

  void give_back();
  bool leave(const std::shared_ptr<Waiter>& waiter);

  std::mutex mutex_;
  int free_;
  std::deque<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace poly::outbound
