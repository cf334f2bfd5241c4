// One run of something, and one line that it logged, as values. The JSON names are those of the protocol
// (wire.md section 9) and of our list of executions.
#pragma once

#include <optional>
#include <string>

#include "base/codec.hpp"
#include "base/log.hpp"
#include "spec/resource.hpp"

namespace poly::journal {

enum class ExecutionStatus { ok, error, timeout, cancelled };

struct ExecutionRecord {
  ExecutionId id;
  EnvironmentId environment;
  spec::Kind kind = spec::Kind::api_function;
  std::optional<ResourceId> resource;
  std::string path;                   // crm.contacts.get
  std::optional<ExecutionId> parent;  // the run that made this call
  std::optional<ApiKeyId> caller;
  Timestamp started_at;
  double duration_ms = 0;
  ExecutionStatus status = ExecutionStatus::ok;
  std::optional<int> http_status;
  std::optional<std::string> error;  // what went wrong; cut at error_bytes_max
  bool cold = false;                 // an instance had to be started for it
  std::optional<int> revision;
  std::optional<double> queue_ms;     // server functions: before an instance took the call
  std::optional<double> run_ms;       // server functions: inside the instance
  std::optional<double> upstream_ms;  // API functions: until the last byte of the answer

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("id", self.id);
    field.required("kind", self.kind);
    field.optional("resourceId", self.resource);
    field.required("path", self.path);
    field.optional("parentId", self.parent);
    field.required("startedAt", self.started_at);
    field.required("durationMs", self.duration_ms);
    field.optional("queueMs", self.queue_ms);
    field.optional("runMs", self.run_ms);
    field.optional("upstreamMs", self.upstream_ms);
    field.required("status", self.status);
    field.optional("httpStatus", self.http_status);
    field.optional("error", self.error);
    field.required("cold", self.cold);
    field.optional("revision", self.revision);
  }
  bool operator==(const ExecutionRecord&) const = default;
};

struct LogLine {
  std::optional<ExecutionId>
      execution;  // absent when no call is known: said while loading, or after the answer
  ResourceId resource;
  std::optional<int> revision;
  Timestamp at;
  LogLevel level = LogLevel::info;
  std::string text;  // cut at line_bytes_max

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("timestamp", self.at);
    field.required("value", self.text);
    field.required("level", self.level);
    field.optional("executionId", self.execution);
    field.optional("revision", self.revision);
  }
  bool operator==(const LogLine&) const = default;
};

inline constexpr std::size_t error_bytes_max = 4'096;
inline constexpr std::size_t line_bytes_max = 16'384;

}  // namespace poly::journal

template <>
inline constexpr auto poly::enum_words<poly::journal::ExecutionStatus> =
    std::to_array<poly::EnumWord<poly::journal::ExecutionStatus>>({
        {poly::journal::ExecutionStatus::ok, "ok"},
        {poly::journal::ExecutionStatus::error, "error"},
        {poly::journal::ExecutionStatus::timeout, "timeout"},
        {poly::journal::ExecutionStatus::cancelled, "cancelled"},
    });
