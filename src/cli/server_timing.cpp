#include "cli/server_timing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace poly::cli {
namespace {

constexpr std::string_view duration_start = "dur=";

std::string_view trimmed(std::string_view text) {
  const auto first = std::min(text.find_first_not_of(" \t"), text.size());
  const auto last = text.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

// Gives what stands before `separator` and leaves what comes after it.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<double> duration_in(std::string_view parameters) {
  while (!parameters.empty()) {
    auto parameter = take_until(parameters, ';');
    if (!parameter.starts_with(duration_start)) continue;
    parameter.remove_prefix(duration_start.size());
    double value = 0;
    const auto* const end = parameter.data() + parameter.size();
    const auto read = std::from_chars(parameter.data(), end, value);
    if (read.ec == std::errc() && read.ptr == end) return value;
  }
  return std::nullopt;
}

// `first-byte` as a member: `firstByteMs`.
std::string member_name(std::string_view name) {
  std::string out;
  bool begins_word = false;
  for (const char c : name) {
    if (c == '-') {
      begins_word = true;
      continue;
    }
    out.push_back(begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    begins_word = false;
  }
  return out + "Ms";
}

std::string shown(double milliseconds) {
  constexpr int decimals = 1;
  std::array<char, 340> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), milliseconds,
                                 std::chars_format::fixed, decimals);
  return std::string(digits.data(), end.ptr) + " ms";
}

}  // namespace

ServerTiming ServerTiming::parse(std::string_view header) {
  ServerTiming timing;
  while (!header.empty()) {
    auto metric = take_until(header, ',');
    const auto name = take_until(metric, ';');
    if (const auto duration = duration_in(metric)) {
      timing.milliseconds.emplace_back(name, *duration);
    } else if (name == "reused") {
      timing.reused = true;
    }
  }
  return timing;
}

JsonObject ServerTiming::document() const {
  JsonObject out;
  for (const auto& [name, value] : milliseconds) out[member_name(name)] = value;
  out["reused"] = reused;
  return out;
}

std::string ServerTiming::line() const {
  std::string out;
  for (const auto& [name, value] : milliseconds) {
    auto words = name;
    std::ranges::replace(words, '-', ' ');
    out.append(out.empty() ? "" : ", ").append(words).append(" ").append(shown(value));
  }
  return out + (reused ? ", on an open connection" : "");
}

}  // namespace poly::cli
