// The process's own log: one JSON object a line on standard error.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <string>
#include <type_traits>
#include <variant>

#include "base/enum_words.hpp"

namespace poly {

enum class LogLevel { debug, info, warn, error };

struct LogField {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag) {}
  LogField(std::string_view name, double number) : key(name), value(number) {}
  template <std::integral Number>
  LogField(std::string_view name, Number number)
      : key(name), value(static_cast<std::conditional_t<std::is_signed_v<Number>, std::int64_t, std::uint64_t>>(number)) {}
};

void set_log_level(LogLevel least);
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace poly

template <>
inline constexpr auto poly::enum_words<poly::LogLevel> = std::to_array<poly::EnumWord<poly::LogLevel>>({
    {poly::LogLevel::debug, "debug"},
    {poly::LogLevel::info, "info"},
    {poly::LogLevel::warn, "warn"},
    {poly::LogLevel::error, "error"},
});
