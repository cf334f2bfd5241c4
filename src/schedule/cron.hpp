// Cron expressions: which moments they name.
//
// Five fields (minute, hour, day of month, month, day of week), or six with leading seconds; `*`, lists,
// ranges, steps
// (`*/15`, `10-40/10`, `5/20` from 5 on), names (JAN, MON), `?` for "no matter" in the day fields, Sunday as
// 0 or 7; in the day of month `L` (last), `L-3`, `15W` (nearest weekday in the same month), `LW`; in the day
// of week `5L` (last Friday) and `5#3` (third Friday); and @yearly, @annually, @monthly, @weekly, @daily,
// @midnight, @hourly. As in Vixie cron, when both day fields are restricted (neither starts with `*` or `?`)
// a day that fits one is enough.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace poly::schedule {

// A zone of the IANA database, which lives as long as the process.
class TimeZone final {
 public:
  static Result<TimeZone> named(std::string_view name);  // "Europe/Berlin"; bad_request when there is none

  const date::time_zone& rules() const { return *rules_; }

 private:
  explicit TimeZone(const date::time_zone* rules) : rules_(rules) {}

  const date::time_zone* rules_;
};

// One bit for each value of a field.
using CronMask = std::uint64_t;

struct CronFields {
  CronMask seconds = 0;
  CronMask minutes = 0;
  CronMask hours = 0;
  CronMask months = 0;            // bits 1 to 12
  CronMask days = 0;              // bits 1 to 31
  CronMask days_before_last = 0;  // bit 0 is L, bit 3 is L-3
  CronMask nearest_weekdays = 0;  // bit 15 is 15W
  bool last_weekday = false;      // LW
  CronMask weekdays = 0;          // bits 0 (Sunday) to 6
  CronMask last_weekdays = 0;     // bit 5 is 5L
  CronMask nth_weekdays = 0;      // bit weekday + 7 × (n - 1) is weekday#n
  bool any_day_of_month = false;  // the field starts with * or ?
  bool any_day_of_week = false;

  bool operator==(const CronFields&) const = default;
};

class CronExpression final {
 public:
  // The error names the field, its position and the reason.
  static Result<CronExpression> parse(std::string_view text);

  // The first moment after `after`, in UTC; nothing when there is none within years_searched.
  std::optional<Timestamp> next(Timestamp after) const;

  // The same with the fields read as local time. Where clocks are put forward, a skipped local time counts as
  // the first moment after the gap; where they are put back, a doubled local time counts once, the first
  // time. An expression for every hour follows real time instead: nothing of it is skipped or doubled, so
  // */15 fires each quarter of an hour.
  std::optional<Timestamp> next(Timestamp after, const TimeZone& zone) const;

  static constexpr int years_searched = 8;  // holds a 29 February also around 2100

  bool operator==(const CronExpression&) const = default;

 private:
  explicit CronExpression(const CronFields& fields) : fields_(fields) {}

  CronFields fields_;
};

}  // namespace poly::schedule
