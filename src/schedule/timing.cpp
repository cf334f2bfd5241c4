#include "schedule/timing.hpp"

namespace poly::schedule {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

Error wrong(std::string_view field, const std::string& reason) {
  const auto line = "$.schedule." + std::string(field) + ": " + reason;
  return {ErrorKind::bad_request, line, {}, {line}};
}

template <class T>
Result<T> in_field(std::string_view field, Result<T> result) {
  if (!result) return std::unexpected(wrong(field, result.error().message));
  return result;
}

std::optional<int> whole_number(const Json& value) {
  boost::json::error_code problem;
  const auto number = value.is_number() ? value.to_number<int>(problem) : 0;
  return value.is_number() && !problem ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<Timing::When> Timing::when_of(const spec::JobSchedule& schedule) {
  const auto* text = schedule.value.if_string();
  switch (schedule.type) {
    case spec::ScheduleType::periodical: {
      if (!text)
        return std::unexpected(wrong("value", "a periodical schedule needs a cron expression as a string"));
      auto parsed = in_field("value", CronExpression::parse(*text));
      if (!parsed) return std::unexpected(std::move(parsed).error());
      return When(*parsed);
    }
    case spec::ScheduleType::on_time: {
      if (!text)
        return std::unexpected(wrong("value", "an on_time schedule needs an ISO 8601 time as a string"));
      auto parsed = in_field("value", parse_iso(*text));
      if (!parsed) return std::unexpected(std::move(parsed).error());
      return When(*parsed);
    }
    case spec::ScheduleType::interval:
      break;
  }
  const auto count = whole_number(schedule.value);
  if (!count || *count < 1 || *count > interval_minutes_max) {
    return std::unexpected(wrong("value", "an interval is a whole number of minutes between 1 and " +
                                              std::to_string(interval_minutes_max)));
  }
  return When(minutes(*count));
}

Result<Timing> Timing::of(const spec::JobSchedule& schedule) {
  const auto delay = schedule.acceptable_delay_minutes;
  if (delay && (*delay < 0 || *delay > delay_minutes_max)) {
    return std::unexpected(wrong("acceptableDelayTime", "is a whole number of minutes between 0 and " +
                                                            std::to_string(delay_minutes_max)));
  }
  auto when = when_of(schedule);
  if (!when) return std::unexpected(std::move(when).error());
  return Timing(*when, delay ? std::optional(minutes(*delay)) : std::nullopt);
}

std::optional<Timestamp> Timing::next(Timestamp after, Timestamp anchor) const {
  if (const auto* cron = std::get_if<CronExpression>(&when_)) return cron->next(after);
  if (const auto* once = std::get_if<Timestamp>(&when_))
    return *once > after ? std::optional(*once) : std::nullopt;
  const milliseconds step = std::get<minutes>(when_);
  const auto steps_passed = after < anchor ? 0 : (after - anchor) / step;
  return anchor + (steps_passed + 1) * step;
}

bool Timing::tolerates(milliseconds delay) const {
  if (is_interval() && !delay_max_) return true;
  return delay <= std::max(punctual_delay, delay_max_.value_or(punctual_delay));
}

}  // namespace poly::schedule
