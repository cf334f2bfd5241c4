// Time as values, and the clock that is handed in so that tests drive time by hand.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace poly {

// A point on the calendar, UTC, in milliseconds: what is stored and shown.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
// A point on a clock that never jumps: what deadlines and durations are measured with.
using Instant = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  virtual Instant instant() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  Instant instant() const override { return std::chrono::steady_clock::now(); }
};

// A clock that moves only when told.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  Timestamp now() const override { return now_; }
  Instant instant() const override { return instant_; }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    instant_ += by;
  }

 private:
  Timestamp now_;
  Instant instant_{std::chrono::hours(1)};
};

// `2024-05-01T12:30:00.000Z`.
std::string to_iso(Timestamp time);
// Reads ISO 8601 with a zone (`Z` or `+02:00`); seconds and fractions may be missing.
Result<Timestamp> parse_iso(std::string_view text);

}  // namespace poly
