#include "base/time.hpp"

#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace poly {
namespace {

using std::chrono::milliseconds;

// Takes `digits` digits off the front of `text`; a value that is not a number of that width is refused.
bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  const auto* end = text.data() + digits;
  const auto [stop, problem] = std::from_chars(text.data(), end, out);
  if (problem != std::errc() || stop != end || out < 0) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

milliseconds take_fraction(std::string_view& text) {
  int value = 0;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    value += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return milliseconds(value);
}

bool take_zone(std::string_view& text, std::chrono::minutes& offset) {
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!take_number(text, 2, hours)) return false;
  take(text, ':');
  if (!take_number(text, 2, minutes)) return false;
  offset = std::chrono::minutes((east ? 1 : -1) * (hours * 60 + minutes));
  return true;
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

std::string to_iso(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Result<Timestamp> parse_iso(std::string_view text) {
  const auto refuse = [whole = std::string(text)] {
    return fail(ErrorKind::bad_request,
                "'" + whole + "' is not an ISO 8601 time with a zone, such as 2024-05-01T12:30:00Z");
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  auto fraction = milliseconds(0);
  auto offset = std::chrono::minutes(0);
  if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') ||
      !take_number(text, 2, day) || !take(text, 'T') || !take_number(text, 2, hour) || !take(text, ':') ||
      !take_number(text, 2, minute)) {
    return refuse();
  }
  if (take(text, ':') && !take_number(text, 2, second)) return refuse();
  if (take(text, '.')) fraction = take_fraction(text);
  if (!take_zone(text, offset) || !text.empty()) return refuse();
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return refuse();
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction - offset;
}

}  // namespace poly
