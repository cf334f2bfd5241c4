#include "gateway/execution_headers.hpp"

#include <array>
#include <charconv>

namespace poly::gateway {
namespace {

void append_duration(std::string& text, std::string_view name, std::chrono::microseconds time) {
  constexpr int decimals = 3;
  std::array<char, 40> digits;
  const auto milliseconds = static_cast<double>(time.count()) / 1'000;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), milliseconds,
                                 std::chars_format::fixed, decimals);
  text.append(text.empty() ? "" : ", ").append(name).append(";dur=").append(digits.data(), end.ptr);
}

}  // namespace

void add_execution_headers(http::Response& response, ExecutionId id, std::chrono::microseconds duration) {
  response.headers.add("x-poly-execution-id", id.text());
  response.headers.add("x-poly-execution-duration", std::to_string(duration.count() / 1000));
}

void add_server_timing(http::Response& response, const http::Timings& timings) {
  if (timings.total == std::chrono::microseconds(0)) return;
  std::string text;
  append_duration(text, "resolve", timings.resolve);
  append_duration(text, "connect", timings.connect);
  append_duration(text, "tls", timings.tls);
  append_duration(text, "first-byte", timings.first_byte);
  append_duration(text, "transfer", timings.total - timings.first_byte);
  append_duration(text, "total", timings.total);
  if (timings.reused) text += ", reused";
  response.headers.add("Server-Timing", std::move(text));
}

}  // namespace poly::gateway
