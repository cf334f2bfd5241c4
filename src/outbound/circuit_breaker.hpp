// Stops sending to a system that does not answer well, and finds out by single requests when it does again.
// One breaker serves all loops.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace poly::outbound {

class CircuitBreaker final {
 public:
  // Closed: requests go out. Open: none does. Half open: one is on its way to try.
  enum class State { closed, open, half_open };

  CircuitBreaker(int failures_max, std::chrono::milliseconds open_for)
      : failures_max_(failures_max), open_for_(open_for) {}

  // The right to send one request. Whoever is admitted says how it ended; one who goes away without a word
  // lets the next one try.
  class Admission final {
   public:
    Admission(CircuitBreaker& breaker, std::uint64_t period) : breaker_(&breaker), period_(period) {}
    Admission(Admission&& other) noexcept
        : breaker_(std::exchange(other.breaker_, nullptr)), period_(other.period_) {}
    Admission& operator=(Admission&&) = delete;
    ~Admission();

    void succeeded();
    // True when this failure opened the circuit.
    bool failed(Instant now);

   private:
    CircuitBreaker* breaker_;
    std::uint64_t period_;
  };

  std::optional<Admission> admit(Instant now);
  // How long it stays open; zero when it does not.
  std::chrono::milliseconds open_for(Instant now) const;
  State state() const;

 private:
  void enter(State state);

  const int failures_max_;
  const std::chrono::milliseconds open_for_;
  mutable std::mutex mutex_;
  State state_ = State::closed;
  std::uint64_t period_ =
      0;              // grows with each change of state, so that late answers of an earlier one do not count
  int failures_ = 0;  // in a row
  Instant open_until_{};
  bool probing_ = false;
};

}  // namespace poly::outbound
