#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.hpp"
#include "base/time.hpp"

namespace poly {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The one process-wide object: a log that needed to be handed to every value would not be used.
spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("polyd");
    made->set_pattern("%v");
    made->set_level(spdlog::level::info);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

void append_value(std::string& line, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) return append_quoted(line, *text);
  std::visit(
      [&line](auto value) {
        if constexpr (!std::is_same_v<decltype(value), std::string_view>) line += fmt::format("{}", value);
      },
      field.value);
}

}  // namespace

void set_log_level(LogLevel least) {
  logger().set_level(spdlog_level(least));
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  auto& out = logger();
  if (!out.should_log(spdlog_level(level))) return;
  std::string line = R"({"time":")" + to_iso(SystemClock().now()) + R"(","level":")";
  line.append(word_of(level)).append(R"(","message":)");
  append_quoted(line, message);
  for (const auto& field : fields) {
    line.push_back(',');
    append_quoted(line, field.key);
    line.push_back(':');
    append_value(line, field);
  }
  line.push_back('}');
  out.log(spdlog_level(level), line);
}

}  // namespace poly
