// A job: functions that run at set times (wire.md section 8.3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/resource.hpp"

namespace poly::spec {

enum class ScheduleType { periodical, interval, on_time };
enum class ExecutionType { sequential, parallel };

struct JobSchedule {
  ScheduleType type = ScheduleType::periodical;
  Json value;  // periodical: a cron line in UTC; interval: minutes; on_time: an ISO time
  std::optional<int> acceptable_delay_minutes;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("type", self.type);
    field.required("value", self.value);
    field.optional("acceptableDelayTime", self.acceptable_delay_minutes);
  }
  bool operator==(const JobSchedule&) const = default;
};

// The three payloads become the function's three arguments.
struct JobFunction {
  ResourceId id;
  Json event_payload, headers_payload, params_payload;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("id", self.id);
    field.optional("eventPayload", self.event_payload);
    field.optional("headersPayload", self.headers_payload);
    field.optional("paramsPayload", self.params_payload);
  }
  bool operator==(const JobFunction&) const = default;
};

struct Job {
  std::string name;
  JobSchedule schedule;
  std::vector<JobFunction> functions;
  ExecutionType execution_type = ExecutionType::sequential;
  bool enabled = true;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.required("schedule", self.schedule);
    field.required("functions", self.functions);
    field.optional("executionType", self.execution_type);
    field.optional("enabled", self.enabled);
  }
  bool operator==(const Job&) const = default;
};

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::ScheduleType> = std::to_array<poly::EnumWord<poly::spec::ScheduleType>>({
    {poly::spec::ScheduleType::periodical, "periodical"},
    {poly::spec::ScheduleType::interval, "interval"},
    {poly::spec::ScheduleType::on_time, "on_time"},
});
template <>
inline constexpr auto poly::enum_words<poly::spec::ExecutionType> = std::to_array<poly::EnumWord<poly::spec::ExecutionType>>({
    {poly::spec::ExecutionType::sequential, "sequential"},
    {poly::spec::ExecutionType::parallel, "parallel"},
});
