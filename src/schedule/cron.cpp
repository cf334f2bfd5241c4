#include "schedule/cron.hpp"

#include <bit>
#include <string>

#include <date/tz.h>

namespace poly::schedule {
namespace {

using std::chrono::days;
using std::chrono::seconds;

// What a clock on the wall shows, without a zone.
using WallTime = std::chrono::local_seconds;

constexpr CronMask all_hours = (CronMask{1} << 24) - 1;

bool has(CronMask mask, int position) {
  return ((mask >> position) & 1) != 0;
}

std::optional<int> lowest_from(CronMask mask, int from) {
  constexpr int mask_bits = 64;
  if (from >= mask_bits) return std::nullopt;
  const CronMask rest = mask >> from << from;
  return rest == 0 ? std::nullopt : std::optional(std::countr_zero(rest));
}

struct Day {
  std::chrono::year_month_day date;
  int day;
  int last;     // of the month
  int weekday;  // 0 is Sunday

  explicit Day(std::chrono::local_days at)
      : date(at),
        day(static_cast<int>(static_cast<unsigned>(date.day()))),
        last(static_cast<int>(static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day()))),
        weekday(static_cast<int>(std::chrono::weekday(at).c_encoding())) {}

  int weekday_of(int other_day) const { return ((weekday + other_day - day) % 7 + 7) % 7; }
};

// The weekday (Monday to Friday) nearest to a day, without leaving the month.
int nearest_weekday(const Day& month, int day) {
  constexpr int sunday = 0;
  constexpr int saturday = 6;
  const int weekday = month.weekday_of(day);
  if (weekday == saturday) return day > 1 ? day - 1 : day + 2;
  if (weekday == sunday) return day < month.last ? day + 1 : day - 2;
  return day;
}

bool fits_day_of_month(const CronFields& fields, const Day& day) {
  if (has(fields.days, day.day) || has(fields.days_before_last, day.last - day.day)) return true;
  if (fields.last_weekday && nearest_weekday(day, day.last) == day.day) return true;
  for (auto wanted = lowest_from(fields.nearest_weekdays, 1); wanted && *wanted <= day.last;
       wanted = lowest_from(fields.nearest_weekdays, *wanted + 1)) {
    if (nearest_weekday(day, *wanted) == day.day) return true;
  }
  return false;
}

bool fits_day_of_week(const CronFields& fields, const Day& day) {
  if (has(fields.weekdays, day.weekday)) return true;
  if (has(fields.last_weekdays, day.weekday) && day.day + 7 > day.last) return true;
  const int week = (day.day - 1) / 7;
  return has(fields.nth_weekdays, day.weekday + 7 * week);
}

bool fits_day(const CronFields& fields, const Day& day) {
  const bool by_month = fits_day_of_month(fields, day);
  const bool by_week = fits_day_of_week(fields, day);
  if (fields.any_day_of_month || fields.any_day_of_week) return by_month && by_week;
  return by_month || by_week;
}

std::optional<seconds> time_of_day(const CronFields& fields, seconds from) {
  const std::chrono::hh_mm_ss start(from);
  auto hour = static_cast<int>(start.hours().count());
  auto minute = static_cast<int>(start.minutes().count());
  auto second = static_cast<int>(start.seconds().count());
  for (auto h = lowest_from(fields.hours, hour); h; h = lowest_from(fields.hours, *h + 1)) {
    if (*h > hour) minute = second = 0;
    for (auto m = lowest_from(fields.minutes, minute); m; m = lowest_from(fields.minutes, *m + 1)) {
      if (*m > minute) second = 0;
      if (const auto s = lowest_from(fields.seconds, second)) {
        return std::chrono::hours(*h) + std::chrono::minutes(*m) + seconds(*s);
      }
      second = 0;
    }
    minute = second = 0;
  }
  return std::nullopt;
}

// The first fitting time from `from` on and before `until`.
std::optional<WallTime> first_in(const CronFields& fields, WallTime from, WallTime until) {
  auto date = std::chrono::floor<days>(from);
  auto earliest = from - date;
  while (date < until) {
    const Day day(date);
    if (!has(fields.months, static_cast<int>(static_cast<unsigned>(day.date.month())))) {
      date += days(day.last - day.day + 1);
    } else {
      const auto time = fits_day(fields, day) ? time_of_day(fields, earliest) : std::nullopt;
      if (time) return date + *time < until ? std::optional(date + *time) : std::nullopt;
      date += days(1);
    }
    earliest = seconds(0);
  }
  return std::nullopt;
}

WallTime wall(std::chrono::sys_seconds time, seconds offset) {
  return WallTime(time.time_since_epoch() + offset);
}
std::chrono::sys_seconds moment(WallTime time, seconds offset) {
  return std::chrono::sys_seconds(time.time_since_epoch() - offset);
}

std::chrono::sys_seconds first_second_after(Timestamp after) {
  return std::chrono::floor<seconds>(after) + seconds(1);
}

std::chrono::sys_seconds horizon(std::chrono::sys_seconds from) {
  return from + std::chrono::ceil<seconds>(std::chrono::years(CronExpression::years_searched)) + days(1);
}

}  // namespace

Result<TimeZone> TimeZone::named(std::string_view name) {
  try {
    return TimeZone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return fail(ErrorKind::bad_request, "'" + std::string(name) + "' is no time zone of the IANA database");
  }
}

std::optional<Timestamp> CronExpression::next(Timestamp after) const {
  const auto from = first_second_after(after);
  const auto found = first_in(fields_, wall(from, seconds(0)), wall(horizon(from), seconds(0)));
  if (!found) return std::nullopt;
  return Timestamp(moment(*found, seconds(0)));
}

// Goes through the stretches of constant offset, so that within each one local time is plain arithmetic.
std::optional<Timestamp> CronExpression::next(Timestamp after, const TimeZone& zone) const {
  const auto start = first_second_after(after);
  const auto end = horizon(start);
  const bool follows_real_time = fields_.hours == all_hours;
  auto stretch = zone.rules().get_info(start);
  auto before = zone.rules().get_info(stretch.begin - seconds(1));
  while (true) {
    auto from = wall(std::max(start, stretch.begin), stretch.offset);
    if (!follows_real_time) {
      const auto shown_before =
          wall(stretch.begin, before.offset);  // the clock's hand just before it was moved
      const auto shown_after = wall(stretch.begin, stretch.offset);
      const bool is_gap_ahead = stretch.begin >= start && shown_before < shown_after;
      if (is_gap_ahead && first_in(fields_, shown_before, shown_after)) return Timestamp(stretch.begin);
      from = std::max(from, shown_before);
    }
    const auto stretch_end = std::min(end, stretch.end);
    if (const auto found = first_in(fields_, from, wall(stretch_end, stretch.offset))) {
      return Timestamp(moment(*found, stretch.offset));
    }
    if (stretch.end >= end) return std::nullopt;
    before = stretch;
    stretch = zone.rules().get_info(stretch.end);
  }
}

}  // namespace poly::schedule
