// The type language of the protocol (wire.md section 3.2): what functions take and give.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/codec.hpp"

namespace poly::spec {

struct PropertySpecification;
struct FunctionSpecification;

enum class PropertyKind { void_, primitive, array, object, function, plain, any };

struct PropertyType {
  PropertyKind kind = PropertyKind::plain;
  std::optional<std::string> type;      // primitive: string, number, boolean
  Box<PropertyType> items;              // array
  JsonText schema;                      // object: a JSON Schema
  std::optional<std::vector<PropertySpecification>> properties;  // object
  std::optional<std::string> type_name;  // object: a TypeScript type, such as Record<string, any>
  std::optional<std::string> name;       // function: the name of a predefined type
  Box<FunctionSpecification> spec;       // function
  std::optional<std::string> value;      // plain: a type expression, such as any

  static PropertyType void_type();
  static PropertyType any();
  static PropertyType primitive(std::string type);
  static PropertyType of_schema(JsonText schema);

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field);
  bool operator==(const PropertyType& other) const;
};

struct PropertySpecification {
  std::string name;
  std::optional<std::string> description;
  bool required = true;
  std::optional<bool> nullable;
  PropertyType type;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.optional("description", self.description);
    field.optional("required", self.required);
    field.optional("nullable", self.nullable);
    field.required("type", self.type);
  }
  bool operator==(const PropertySpecification&) const = default;
};

struct FunctionSpecification {
  std::vector<PropertySpecification> arguments;
  PropertyType return_type;
  std::optional<std::map<std::string, PropertyType>> other_return_types;  // by HTTP status
  std::optional<bool> synchronous;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("arguments", self.arguments);
    field.required("returnType", self.return_type);
    field.optional("otherReturnTypes", self.other_return_types);
    field.optional("synchronous", self.synchronous);
  }
  bool operator==(const FunctionSpecification&) const = default;
};

inline PropertyType PropertyType::void_type() { return {.kind = PropertyKind::void_}; }
inline PropertyType PropertyType::any() { return {.kind = PropertyKind::plain, .value = "any"}; }
inline PropertyType PropertyType::primitive(std::string type) {
  return {.kind = PropertyKind::primitive, .type = std::move(type)};
}
inline PropertyType PropertyType::of_schema(JsonText schema) {
  return {.kind = PropertyKind::object, .schema = std::move(schema)};
}

inline bool PropertyType::operator==(const PropertyType& other) const = default;

template <class Self, class Fields>
void PropertyType::fields(Self& self, Fields& field) {
  field.required("kind", self.kind);
  field.optional("type", self.type);
  field.optional("items", self.items);
  field.optional("schema", self.schema);
  field.optional("properties", self.properties);
  field.optional("typeName", self.type_name);
  field.optional("name", self.name);
  field.optional("spec", self.spec);
  field.optional("value", self.value);
}

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::PropertyKind> = std::to_array<poly::EnumWord<poly::spec::PropertyKind>>({
    {poly::spec::PropertyKind::void_, "void"},
    {poly::spec::PropertyKind::primitive, "primitive"},
    {poly::spec::PropertyKind::array, "array"},
    {poly::spec::PropertyKind::object, "object"},
    {poly::spec::PropertyKind::function, "function"},
    {poly::spec::PropertyKind::plain, "plain"},
    {poly::spec::PropertyKind::any, "any"},
});
