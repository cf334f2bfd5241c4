// Deadlines by the thousand at the price of one timer. Connections and calls re-arm a deadline for every
// request and nearly all of them are disarmed before they pass, so arming and disarming must cost next to
// nothing: a hierarchical wheel links them into lists, and one Asio timer sleeps until the next occupied
// slot.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "base/time.hpp"

namespace poly {

// All members, and all timers of the wheel, belong to the loop of the executor. The wheel outlives its
// timers.
class TimerWheel final {
 private:
  struct Link {
    Link* previous = this;
    Link* next = this;
    bool alone() const { return next == this; }
    void unlink();
    void insert_before(Link& other);
    void take_all(Link& list);
  };

 public:
  static constexpr std::chrono::hours delay_max{24 * 3650};

  // A deadline. Embed it in what waits; it disarms itself when it goes away.
  class Timer final : private Link {
   public:
    // `on_passed` runs on the loop, at most once for each arming. It may arm, disarm or destroy any timer,
    // this one too; it must not throw.
    Timer(TimerWheel& wheel, std::function<void()> on_passed)
        : wheel_(wheel), on_passed_(std::move(on_passed)) {}
    ~Timer() { disarm(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    // Passes at the first tick that is not before `after` from now (delay_max at most); replaces an earlier
    // arming.
    void arm(std::chrono::milliseconds after);
    void arm_at(Instant when);
    void disarm();
    bool armed() const { return armed_; }

   private:
    friend class TimerWheel;
    TimerWheel& wheel_;
    std::function<void()> on_passed_;
    std::uint64_t tick_ = 0;
    std::uint16_t slot_ = 0;
    bool armed_ = false;
  };

  // Dropping the handle cancels. Empty handles are allowed.
  using Handle = std::unique_ptr<Timer>;

  TimerWheel(Executor executor, const Clock& clock,
             std::chrono::milliseconds tick = std::chrono::milliseconds(10));
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  [[nodiscard]] Handle schedule(std::chrono::milliseconds after, std::function<void()> on_passed);

  // Runs what has passed by the clock. The wheel calls it itself; a test with a clock moved by hand does too.
  void advance();

  Instant now() const { return clock_.instant(); }
  std::size_t armed_count() const { return armed_count_; }

 private:
  static constexpr unsigned level_bits = 6;
  static constexpr unsigned slots_per_level = 1U << level_bits;
  static constexpr unsigned levels = 8;  // 48 bits of ticks: more than a clock of nanoseconds counts
  static constexpr std::uint16_t due_slot = slots_per_level * levels;
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  struct Expiry {
    std::uint64_t tick = never;
    std::uint16_t slot = 0;
  };

  void insert(Timer& timer);
  void remove(Timer& timer);
  Expiry next_expiry() const;
  void run_slot(std::uint16_t slot);
  void sleep_until(std::uint64_t tick);
  void sleep_again();

  std::uint64_t ticks_until(Instant when) const;  // rounded up

  const Clock& clock_;
  const std::chrono::nanoseconds tick_;
  const Instant start_;
  std::uint64_t current_ = 0;  // every tick up to this one has run
  std::uint64_t sleeping_until_ = never;
  std::size_t armed_count_ = 0;
  bool advancing_ = false;
  std::array<Link, slots_per_level * levels + 1> slots_;  // the last holds what is being run
  std::array<std::uint64_t, levels> occupied_{};
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      sleeper_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a wait may end after the wheel is gone
};

}  // namespace poly
