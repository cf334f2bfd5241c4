// How many calls were in flight on average over the last seconds, weighted by time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.hpp"

namespace poly::runtime {

// Time is given by the caller and never goes back. A change costs a few additions; nothing is kept per call.
class ConcurrencyWindow final {
 public:
  // Remembers `length`, in slices of a `slices`th of it.
  explicit ConcurrencyWindow(std::chrono::milliseconds length, std::size_t slices = 60);

  // From `now` on, `calls` are in flight.
  void set(Instant now, std::size_t calls);

  // Over the last `span` (the whole window at most), or over the time since the first call when that is less.
  double average(Instant now, std::chrono::milliseconds span);

  std::size_t current() const { return calls_; }

 private:
  void advance(Instant now);

  const std::chrono::nanoseconds slice_;
  std::vector<double> weights_;  // call-nanoseconds of each slice, the newest at `head_`
  std::size_t head_ = 0;
  Instant head_began_{};
  Instant counted_until_{};
  Instant first_{};
  bool started_ = false;
  std::size_t calls_ = 0;
};

}  // namespace poly::runtime
