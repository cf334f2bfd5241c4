#include "cli/value.hpp"

#include <charconv>
#include <istream>
#include <iterator>
#include <limits>

#include "cli/files.hpp"

namespace poly::cli {
namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view reason) {
  throw Failure(ErrorKind::bad_request, std::string(option) + ": " + std::string(reason));
}

std::pair<std::string, std::string_view> split_name(std::string_view option, std::string_view argument) {
  const auto mark = argument.find('=');
  if (mark == std::string_view::npos || mark == 0)
    refuse(option, "'" + std::string(argument) + "' is not of the form name=value");
  return {std::string(argument.substr(0, mark)), argument.substr(mark + 1)};
}

}  // namespace

std::string text_of_argument(std::string_view argument, World& world) {
  if (argument == "-" || argument == "@-")
    return {std::istreambuf_iterator<char>(world.terminal.in()), std::istreambuf_iterator<char>()};
  if (argument.starts_with("@@")) return std::string(argument.substr(1));
  if (argument.starts_with('@')) return read_file(file_of(argument.substr(1), world));
  return std::string(argument);
}

Json json_of_argument(std::string_view option, std::string_view argument, World& world) {
  return value_or_throw(parse_json(text_of_argument(argument, world), option));
}

std::pair<std::string, Json> named_value(std::string_view option, std::string_view argument, World& world) {
  const auto [name, value] = split_name(option, argument);
  const auto text = text_of_argument(value, world);
  auto json = parse_json(text, option);
  return {name, json ? std::move(*json) : Json(text)};
}

std::pair<std::string, std::string> named_text(std::string_view option, std::string_view argument) {
  const auto [name, value] = split_name(option, argument);
  return {name, std::string(value)};
}

std::chrono::seconds duration_of(std::string_view option, std::string_view argument) {
  const auto wrong = [&] {
    refuse(option, "'" + std::string(argument) + "' is not a duration such as 90s, 15m, 2h or 7d");
  };
  std::int64_t count = 0;
  const auto* end = argument.data() + argument.size();
  const auto [rest, problem] = std::from_chars(argument.data(), end, count);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  constexpr std::int64_t count_max = std::int64_t{100} * 366 * 24 * 3600;
  if (problem != std::errc() || count <= 0 || count > count_max) wrong();
  if (unit.empty() || unit == "s") return std::chrono::seconds(count);
  if (unit == "m") return std::chrono::minutes(count);
  if (unit == "h") return std::chrono::hours(count);
  if (unit == "d") return std::chrono::hours(24 * count);
  wrong();
  return {};
}

std::vector<std::string> words_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string_view argument : arguments) {
    for (std::size_t from = 0; from <= argument.size();) {
      const auto comma = std::min(argument.find(',', from), argument.size());
      if (comma > from) words.emplace_back(argument.substr(from, comma - from));
      from = comma + 1;
    }
  }
  return words;
}

std::filesystem::path file_of(std::string_view argument, const World& world) {
  return world.folder / std::filesystem::path(argument);
}

}  // namespace poly::cli
