#include "spec/webhook.hpp"

#include <array>

namespace poly::spec {
namespace {

PropertySpecification argument(std::string name, PropertyType type) {
  return {
      .name = std::move(name), .description = {}, .required = true, .nullable = {}, .type = std::move(type)};
}

PropertyType any_record() {
  return {.kind = PropertyKind::object, .type_name = "Record<string, any>"};
}

PropertyType custom_response() {
  auto content_type = argument("responseContentType", PropertyType::primitive("string"));
  content_type.nullable = true;
  return {.kind = PropertyKind::object,
          .properties = std::vector{argument("responseStatusCode", PropertyType::primitive("number")),
                                    std::move(content_type)}};
}

constexpr std::array<std::string_view, 7> known_methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

bool is_slug(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= name_length_max && std::ranges::all_of(text, fits);
}

}  // namespace

std::vector<std::string> methods_of(const Webhook& webhook) {
  std::vector<std::string> methods;
  std::string word;
  for (const char c : webhook.method + ",") {
    if (c == ',') {
      if (!word.empty()) methods.push_back(std::exchange(word, {}));
    } else if (c != ' ') {
      word.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
    }
  }
  return methods;
}

Result<void> check_webhook(const Webhook& webhook) {
  const auto methods = methods_of(webhook);
  if (methods.empty()) return fail(ErrorKind::bad_request, "$.method: at least one HTTP method is needed");
  for (const auto& method : methods) {
    if (std::ranges::find(known_methods, method) == known_methods.end()) {
      return fail(ErrorKind::bad_request, "$.method: '" + method + "' is not one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS");
    }
  }
  if (webhook.response_status && (*webhook.response_status < response_status_min || *webhook.response_status > response_status_max)) {
    return fail(ErrorKind::bad_request, "$.responseStatus: must be from 200 to 599");
  }
  if (webhook.slug && !is_slug(*webhook.slug)) {
    return fail(ErrorKind::bad_request, "$.slug: must be 1 to 200 letters, digits, hyphens and underscores");
  }
  return {};
}

FunctionSpecification specification_of(const Webhook& webhook) {
  const auto& schema = webhook.event_payload_type_schema;
  auto event = schema.empty() ? PropertyType::any() : PropertyType::of_schema(schema);
  FunctionSpecification callback;
  callback.arguments = {argument("event", std::move(event)), argument("headers", any_record()),
                        argument("params", any_record()), argument("polyCustom", custom_response())};
  callback.return_type = PropertyType::void_type();
  callback.synchronous = true;

  FunctionSpecification unregister;
  unregister.return_type = PropertyType::void_type();

  FunctionSpecification listener;
  listener.arguments = {argument("callback", {.kind = PropertyKind::function, .spec = std::move(callback)})};
  listener.return_type = {.kind = PropertyKind::function,
                          .name = "UnregisterWebhookEventListener",
                          .spec = std::move(unregister)};
  listener.synchronous = true;
  return listener;
}

}  // namespace poly::spec
