// The moments that one schedule names. Reads no clock.
#pragma once

#include <chrono>
#include <optional>
#include <variant>

#include "schedule/cron.hpp"
#include "spec/job.hpp"

namespace poly::schedule {

inline constexpr int interval_minutes_max = 366 * 24 * 60;
inline constexpr int delay_minutes_max = 31 * 24 * 60;
// So late a start is still punctual when the schedule names no acceptable delay: a restart loses nothing.
inline constexpr std::chrono::minutes punctual_delay{1};

class Timing final {
 public:
  // The error lists the wrong fields, such as `$.schedule.value: …`.
  static Result<Timing> of(const spec::JobSchedule& schedule);

  // The first due moment after `after`. An interval is counted from `anchor`.
  std::optional<Timestamp> next(Timestamp after, Timestamp anchor) const;

  // Whether a moment may still be run so long after it. An interval without an acceptable delay always may:
  // it says how much time may lie between runs.
  bool tolerates(std::chrono::milliseconds delay) const;

  bool is_interval() const { return std::holds_alternative<std::chrono::minutes>(when_); }
  bool is_once() const { return std::holds_alternative<Timestamp>(when_); }

 private:
  using When = std::variant<CronExpression, std::chrono::minutes, Timestamp>;

  Timing(When when, std::optional<std::chrono::minutes> delay_max)
      : when_(std::move(when)), delay_max_(delay_max) {}
  static Result<When> when_of(const spec::JobSchedule& schedule);

  When when_;
  std::optional<std::chrono::minutes> delay_max_;
};

}  // namespace poly::schedule
