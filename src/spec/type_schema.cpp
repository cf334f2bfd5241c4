#include "spec/type_schema.hpp"

namespace poly::spec {
namespace {

Json schema_of_properties(const std::vector<PropertySpecification>& properties) {
  JsonObject members;
  JsonArray required;
  for (const auto& property : properties) {
    auto schema = schema_of_type(property.type);
    if (property.nullable.value_or(false)) schema = JsonObject{{"anyOf", JsonArray{std::move(schema), JsonObject{{"type", "null"}}}}};
    members[property.name] = std::move(schema);
    if (property.required) required.emplace_back(property.name);
  }
  return JsonObject{{"type", "object"}, {"properties", std::move(members)}, {"required", std::move(required)}};
}

}  // namespace

Json schema_of_type(const PropertyType& type) {
  switch (type.kind) {
    case PropertyKind::primitive: return JsonObject{{"type", type.type.value_or("string")}};
    case PropertyKind::array: {
      JsonObject schema{{"type", "array"}};
      if (type.items) schema["items"] = schema_of_type(*type.items);
      return schema;
    }
    case PropertyKind::object: {
      if (!type.schema.empty()) return type.schema.parsed();
      if (type.properties) return schema_of_properties(*type.properties);
      return JsonObject{{"type", "object"}};
    }
    case PropertyKind::void_:
    case PropertyKind::function:
    case PropertyKind::plain:
    case PropertyKind::any: break;
  }
  return JsonObject{};
}

}  // namespace poly::spec
