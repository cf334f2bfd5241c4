#include "spec/webhook.hpp"

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

}  // namespace

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
