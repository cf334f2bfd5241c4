#include "spec/api_function.hpp"

namespace poly::spec {
namespace {

PropertyType type_named(std::string_view type, const JsonText& schema) {
  if (!schema.empty()) return PropertyType::of_schema(schema);
  if (type == "integer") return PropertyType::primitive("number");
  if (type == "string" || type == "number" || type == "boolean")
    return PropertyType::primitive(std::string(type));
  if (type == "void") return PropertyType::void_type();
  if (type == "object") return {.kind = PropertyKind::object};
  if (type == "array") return PropertyType::of_schema({R"({"type":"array"})"});
  return PropertyType::any();
}

PropertySpecification property_of(const ApiArgument& argument) {
  return {.name = argument.name,
          .description = argument.description,
          .required = argument.required && !argument.variable,
          .nullable = std::nullopt,
          .type = type_named(argument.type, argument.type_schema)};
}

}  // namespace

FunctionSpecification specification_of(const ApiFunction& function) {
  FunctionSpecification specification;
  std::vector<PropertySpecification> payload;
  for (const auto& argument : function.arguments) {
    (argument.payload ? payload : specification.arguments).push_back(property_of(argument));
  }
  if (!payload.empty()) {
    const bool required = std::ranges::any_of(payload, &PropertySpecification::required);
    PropertyType grouped{.kind = PropertyKind::object, .properties = std::move(payload)};
    specification.arguments.push_back({.name = "payload",
                                       .description = {},
                                       .required = required,
                                       .nullable = {},
                                       .type = std::move(grouped)});
  }
  specification.return_type = type_named(function.return_type, function.return_type_schema);
  if (!function.other_return_types.empty()) {
    auto& others = specification.other_return_types.emplace();
    for (const auto& other : function.other_return_types) {
      others[other.status_code] = type_named(other.type, other.schema);
    }
  }
  specification.synchronous = false;
  return specification;
}

}  // namespace poly::spec
