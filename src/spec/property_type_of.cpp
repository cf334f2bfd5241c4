#include "spec/property_type_of.hpp"

#include "spec/json_schema_infer.hpp"

namespace poly::spec {
namespace {

PropertyType type_of_schema(const Json& schema) {
  const auto* type = find(schema, "type");
  if (!type) return PropertyType::any();
  const auto word = type->is_string() ? std::string_view(type->get_string()) : std::string_view();
  if (word == "null") return PropertyType::any();
  if (word == "string" || word == "boolean") return PropertyType::primitive(std::string(word));
  if (word == "number" || word == "integer") return PropertyType::primitive("number");
  if (word == "array") {
    PropertyType array{.kind = PropertyKind::array};
    array.items = type_of_schema(*find(schema, "items"));
    return array;
  }
  return PropertyType::of_schema(JsonText::of(schema));
}

}  // namespace

PropertyType property_type_of(const Json& sample) {
  return type_of_schema(infer_schema(sample));
}

}  // namespace poly::spec
