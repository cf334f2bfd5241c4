#include "outbound/next_page.hpp"

#include <charconv>

#include "base/ascii_case.hpp"

namespace poly::outbound {
namespace {

const Json* find_pointer(const Json& data, std::string_view pointer) {
  boost::json::error_code problem;
  return data.find_pointer(pointer, problem);
}

// Callers give numbers as numbers or as text.
std::int64_t number_in(const Json& value, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  if (const auto* text = value.if_string()) {
    std::from_chars(text->data(), text->data() + text->size(), number);
  } else if (value.is_number()) {
    boost::json::error_code problem;
    const auto read = value.to_number<std::int64_t>(problem);
    if (!problem) number = read;
  }
  return number;
}

std::optional<Json> next_cursor(const spec::Pagination& pagination, const Json& data, const Json& now) {
  const auto* cursor = find_pointer(data, pagination.next.value_or(""));
  if (!cursor || cursor->is_structured() || cursor->is_bool() || cursor->is_null()) return std::nullopt;
  if (cursor->is_string() && cursor->get_string().empty()) return std::nullopt;
  // One that does not move would lead round and round.
  if (*cursor == now) return std::nullopt;
  return *cursor;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// Whether the parameters of a link, `; rel="next last"; title=…`, hold the relation.
bool is_next(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto start = parameters.find_first_not_of("; \t");
    if (start == std::string_view::npos) return false;
    parameters.remove_prefix(start);
    const auto equals = std::min(parameters.find_first_of("=;"), parameters.size());
    const auto name = lower(trimmed(parameters.substr(0, equals)));
    parameters.remove_prefix(std::min(equals + 1, parameters.size()));
    const bool quoted = parameters.starts_with('"');
    if (quoted) parameters.remove_prefix(1);
    const auto end = std::min(parameters.find_first_of(quoted ? "\"" : ";"), parameters.size());
    const auto value = " " + lower(trimmed(parameters.substr(0, end))) + " ";
    if (name == "rel") return value.contains(" next ");
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
  }
  return false;
}

// Up to the comma that ends the link, which may also stand inside quotes.
std::size_t end_of_link(std::string_view parameters) {
  bool quoted = false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i] == '"') quoted = !quoted;
    if (parameters[i] == ',' && !quoted) return i;
  }
  return parameters.size();
}

}  // namespace

const JsonArray& items_of(const spec::Pagination& pagination, const Json& data) {
  const auto* items = find_pointer(data, pagination.items);
  if (items && items->is_array()) return items->get_array();
  const auto place =
      pagination.items.empty() ? std::string("the body") : "'" + pagination.items + "' of the body";
  throw Failure(ErrorKind::upstream, place + " is no array of items");
}

std::optional<Json> next_argument(const spec::Pagination& pagination, const Json& data, const Json& now) {
  if (pagination.style == spec::PaginationStyle::cursor) return next_cursor(pagination, data, now);
  const auto& items = items_of(pagination, data);
  if (items.empty() || pagination.style == spec::PaginationStyle::link) return std::nullopt;
  if (pagination.style == spec::PaginationStyle::page) return Json(number_in(now, pagination.first) + 1);
  return Json(number_in(now, 0) + static_cast<std::int64_t>(items.size()));
}

std::optional<std::string_view> next_link(std::string_view header) {
  while (true) {
    const auto open = header.find('<');
    const auto close = open == std::string_view::npos ? open : header.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto address = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    const auto end = end_of_link(header);
    if (is_next(header.substr(0, end))) return address;
    header.remove_prefix(end);
  }
}

}  // namespace poly::outbound
