#include "http/content_type.hpp"

#include "base/ascii_case.hpp"

#include <algorithm>

namespace poly::http {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The end of the parameter that starts at `text`: the next ';' outside quotes.
std::size_t parameter_end(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ';' && !quoted) {
      return i;
    }
  }
  return text.size();
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    out.push_back(value[i]);
  }
  return out;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  return lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

bool is_json(std::string_view content_type) {
  const auto type = media_type(content_type);
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

bool is_form(std::string_view content_type) {
  return media_type(content_type) == "application/x-www-form-urlencoded";
}

std::string parameter_of(std::string_view content_type, std::string_view name) {
  auto rest = content_type.substr(std::min(content_type.find(';'), content_type.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = parameter_end(rest);
    const auto parameter = rest.substr(0, end);
    rest.remove_prefix(end);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || lower(trimmed(parameter.substr(0, equals))) != lower(name))
      continue;
    return unquoted(trimmed(parameter.substr(equals + 1)));
  }
  return {};
}

}  // namespace poly::http
