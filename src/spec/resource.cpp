#include "spec/resource.hpp"

namespace poly::spec {
namespace {

bool starts_segment(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool continues_segment(char c) {
  return starts_segment(c) || (c >= '0' && c <= '9');
}

bool is_segment(std::string_view text) {
  if (text.empty() || !starts_segment(text.front())) return false;
  for (const char c : text) {
    if (!continues_segment(c)) return false;
  }
  return true;
}

std::unexpected<Error> refuse(std::string_view field, std::string_view value, std::string_view reason) {
  return fail(ErrorKind::bad_request,
              std::string(field) + ": '" + std::string(value) + "' " + std::string(reason));
}

}  // namespace

std::string join_path(std::string_view context, std::string_view name) {
  if (context.empty()) return std::string(name);
  if (name.empty()) return std::string(context);
  std::string path(context);
  path.append(".").append(name);
  return path;
}

std::string Head::path() const {
  return join_path(context, name);
}

Result<void> check_name(std::string_view name) {
  if (name.size() > name_length_max)
    return refuse("name", name.substr(0, 40), "… is longer than 200 characters");
  if (is_segment(name)) return {};
  return refuse("name", name, "must start with a letter or underscore, then letters, digits or underscores");
}

Result<void> check_context(std::string_view context) {
  if (context.empty()) return {};
  if (context.size() > context_length_max) {
    return refuse("context", context.substr(0, 40), "… is longer than 500 characters");
  }
  std::size_t from = 0;
  while (from <= context.size()) {
    const auto dot = std::min(context.find('.', from), context.size());
    if (!is_segment(context.substr(from, dot - from))) {
      return refuse(
          "context", context,
          "must be segments joined by dots, each starting with a letter or underscore, then letters, "
          "digits or underscores");
    }
    from = dot + 1;
  }
  return {};
}

std::string_view spec_type(Kind kind) {
  switch (kind) {
    case Kind::api_function:
      return "apiFunction";
    case Kind::server_function:
      return "serverFunction";
    case Kind::client_function:
      return "customFunction";
    case Kind::webhook:
      return "webhookHandle";
    case Kind::variable:
      return "serverVariable";
    case Kind::schema:
      return "schema";
    case Kind::snippet:
      return "snippet";
    case Kind::trigger:
      return "trigger";
    case Kind::job:
      return "job";
  }
  return "";
}

std::string_view human_name(Kind kind) {
  switch (kind) {
    case Kind::api_function:
      return "API function";
    case Kind::server_function:
      return "server function";
    case Kind::client_function:
      return "client function";
    case Kind::webhook:
      return "webhook";
    case Kind::variable:
      return "variable";
    case Kind::schema:
      return "schema";
    case Kind::snippet:
      return "snippet";
    case Kind::trigger:
      return "trigger";
    case Kind::job:
      return "job";
  }
  return "";
}

}  // namespace poly::spec
