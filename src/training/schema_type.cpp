#include "training/schema_type.hpp"

#include <algorithm>
#include <array>

namespace poly::training {
namespace {

// Schemas that refer to themselves through `allOf` or `anyOf` end here.
constexpr int nesting_max = 16;
constexpr auto types =
    std::to_array<std::string_view>({"string", "number", "integer", "boolean", "object", "array"});

std::string known_type(std::string_view word) {
  return std::ranges::find(types, word) == types.end() ? "any" : std::string(word);
}

std::string kind_of(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "boolean";
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  return value.is_number() ? "number" : "any";
}

std::string common(std::vector<std::string> found) {
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found.size() == 1 ? found.front() : "any";
}

class TypeSearch {
 public:
  explicit TypeSearch(const OpenApiDocument& document) : document_(document) {}

  std::string of(const Json& schema, int nesting) const {
    const auto* object = document_.resolve(schema).value->if_object();
    if (!object || nesting > nesting_max) return "any";
    if (const auto* type = object->if_contains("type")) return declared(*type);
    if (const auto* constant = object->if_contains("const")) return kind_of(*constant);
    if (const auto& allowed = array_member(*object, "enum"); !allowed.empty()) return of_values(allowed);
    if (object->contains("properties") || object->contains("additionalProperties")) return "object";
    if (object->contains("items") || object->contains("prefixItems")) return "array";
    return of_parts(*object, nesting + 1);
  }

 private:
  static std::string declared(const Json& type) {
    if (type.is_string()) return known_type(type.get_string());
    std::vector<std::string> found;
    if (const auto* several = type.if_array()) {
      for (const auto& one : *several) {
        if (one.is_string() && one.get_string() != "null") found.push_back(known_type(one.get_string()));
      }
    }
    return common(std::move(found));
  }

  static std::string of_values(const JsonArray& values) {
    std::vector<std::string> found;
    for (const auto& value : values) {
      if (!value.is_null()) found.push_back(kind_of(value));
    }
    return common(std::move(found));
  }

  std::string of_parts(const JsonObject& schema, int nesting) const {
    for (const auto& part : array_member(schema, "allOf")) {
      if (auto type = of(part, nesting); type != "any") return type;
    }
    for (const std::string_view choice : {"oneOf", "anyOf"}) {
      std::vector<std::string> found;
      for (const auto& part : array_member(schema, choice)) {
        if (!is_null(part)) found.push_back(of(part, nesting));
      }
      if (!found.empty()) return common(std::move(found));
    }
    return "any";
  }

  static bool is_null(const Json& schema) {
    const auto* object = schema.if_object();
    return object && text_of(*object, "type") == "null";
  }

  const OpenApiDocument& document_;
};

bool is_annotation(std::string_view key) {
  constexpr auto words = std::to_array<std::string_view>({"title", "description", "default", "deprecated"});
  return std::ranges::find(words, key) != words.end();
}

// Whether the type word alone says what the schema says.
bool says_no_more(const Json& schema, std::string_view type) {
  if (const auto* anything = schema.if_bool()) return *anything;
  for (const auto& [key, value] : schema.get_object()) {
    if (is_annotation(key)) continue;
    const bool is_the_type = key == "type" && value.is_string() && value.get_string() == type;
    if (!is_the_type) return false;
  }
  return true;
}

void collect(const OpenApiDocument& document, const Json& schema, int nesting, ObjectProperties& out) {
  const auto* object = document.resolve(schema).value->if_object();
  if (!object || nesting > nesting_max) return;
  for (const auto& part : array_member(*object, "allOf")) collect(document, part, nesting + 1, out);
  for (const auto& [name, member] : object_member(*object, "properties")) {
    const auto known = std::ranges::find(out.members, name, &std::pair<std::string, const Json*>::first);
    if (known == out.members.end())
      out.members.emplace_back(name, &member);
    else
      known->second = &member;
  }
  const auto* required = object->if_contains("required");
  if (!required || !required->is_array()) return;
  for (const auto& name : required->get_array()) {
    if (name.is_string()) out.required.emplace(name.get_string());
  }
}

}  // namespace

std::string type_of(const OpenApiDocument& document, const Json& schema) {
  return TypeSearch(document).of(schema, 0);
}

TypedSchema typed(const OpenApiDocument& document, SchemaBook& schemas, const Json& schema) {
  const auto translated = schemas.translate(schema);
  if (translated == Json(JsonObject())) return {};
  TypedSchema out{type_of(document, schema), {}};
  if (!says_no_more(translated, out.type)) out.schema = JsonText::of(translated);
  return out;
}

ObjectProperties properties_of(const OpenApiDocument& document, const Json& schema) {
  ObjectProperties out;
  collect(document, schema, 0, out);
  return out;
}

bool is_binary(const OpenApiDocument& document, const Json& schema) {
  const auto* object = document.resolve(schema).value->if_object();
  if (!object) return false;
  if (text_of(*object, "format") == "binary") return true;
  if (object->contains("contentMediaType") && !object->contains("contentEncoding")) return true;
  const auto* items = object->if_contains("items");
  return items && text_of(*object, "type") == "array" &&
         text_of(document.object(*items, "schema"), "format") == "binary";
}

}  // namespace poly::training
