// What the headers of frames say (docs/worker-protocol.md), as values. Pure.
#pragma once

#include "runtime/call.hpp"
#include "runtime/frame.hpp"

namespace poly::runtime {

// The statuses that an error may choose to be answered with.
inline constexpr std::int64_t error_status_min = 400;
inline constexpr std::int64_t error_status_max = 599;

struct ErrorHeader {
  std::string name;
  std::string message;
  std::optional<std::string> stack;
  std::optional<int> line;
  std::optional<std::int64_t> status_code;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("name", self.name);
    field.optional("message", self.message);
    field.optional("stack", self.stack);
    field.optional("line", self.line);
    field.optional("statusCode", self.status_code);
  }

  std::string text() const;           // "TypeError: no such customer (line 2)"
  std::optional<int> status() const;  // when it is one that an error may choose
};

struct LogHeader {
  LogLevel level = LogLevel::info;
  std::int64_t at = 0;  // milliseconds since 1970

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("level", self.level);
    field.optional("at", self.at);
  }
};

struct NestedHeader {
  std::uint32_t call = 0;
  std::uint32_t sequence = 0;
  std::string op;
  std::string path;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("call", self.call);
    field.optional("sequence", self.sequence);
    field.required("op", self.op);
    field.required("path", self.path);
  }
};

Result<ErrorHeader> read_error_header(const Frame& frame);
Result<LogHeader> read_log_header(const Frame& frame);
Result<NestedHeader> read_nested_header(const Frame& frame);
// What the header of a result, or of the first piece of one, says; without the body.
Result<CallResult> read_result_header(const Frame& frame);

std::string header_of_call(const Call& call);
// Of a `reply` that refuses what the code asked for.
std::string header_of_refusal(const Error& error, std::optional<int> status);
// Of a `more`.
std::string header_of_taken(std::size_t bytes);

}  // namespace poly::runtime
