#include "http/message.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"

namespace poly::http {
namespace {

}  // namespace

bool same_header_name(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) { return lower(x) == lower(y); };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
  }
  return "GET";
}

std::optional<Method> parse_method(std::string_view text) {
  for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                            Method::delete_, Method::options}) {
    if (to_string(method) == text) return method;
  }
  return std::nullopt;
}

const std::string* Headers::find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (same_header_name(field.name, name)) return &field.value;
  }
  return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
  const auto* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [name](const Header& field) { return same_header_name(field.name, name); });
}

}  // namespace poly::http
