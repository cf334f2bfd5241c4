#include "training/webhook_operation.hpp"

#include "base/ascii_case.hpp"
#include "training/media_type.hpp"
#include "training/responses.hpp"
#include "training/schema_type.hpp"

namespace poly::training {
namespace {

constexpr std::string_view any_schema = "{}";

JsonText event_schema(const OpenApiDocument& document, SchemaBook& schemas, const JsonObject& operation) {
  const auto* body = operation.if_contains("requestBody");
  if (!body) return {std::string(any_schema)};
  for (const auto& [media_type, media] : object_member(document.object(*body, "request body"), "content")) {
    const auto* schema = find(media, "schema");
    if (schema && is_json(bare_media_type(media_type))) return JsonText::of(schemas.translate(*schema));
  }
  return {std::string(any_schema)};
}

std::string_view subpath_of(const OperationPlace& place) {
  const auto own = text_of(*place.operation, "x-subpath");
  return own.empty() ? text_of(*place.path_item, "x-subpath") : own;
}

}  // namespace

spec::Webhook read_webhook(const OpenApiDocument& document, SchemaBook& schemas,
                           const OperationPlace& place) {
  const auto& operation = *place.operation;
  spec::Webhook webhook;
  webhook.head.description = description_of(operation);
  webhook.head.state = state_of(operation);
  webhook.event_payload_type_schema = event_schema(document, schemas, operation);
  webhook.response_status = success_status(operation);
  webhook.method = upper(place.method);
  auto subpath = subpath_of(place);
  while (subpath.starts_with('/')) subpath.remove_prefix(1);
  if (!subpath.empty()) webhook.subpath = subpath;
  return webhook;
}

std::string webhook_name_of(const OperationPlace& place) {
  auto name = camel_case(text_of(*place.operation, "operationId"));
  if (name.empty()) name = camel_case(place.path);
  return name.empty() ? "webhook" : name;
}

}  // namespace poly::training
