#include "training/schema_translation.hpp"

#include <algorithm>
#include <array>

#include "training/open_api_document.hpp"

namespace poly::training {
namespace {

using Keywords = std::span<const std::string_view>;

constexpr auto single_schemas = std::to_array<std::string_view>(
    {"items", "additionalProperties", "additionalItems", "not", "if", "then", "else", "contains",
     "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"});
constexpr auto schema_lists = std::to_array<std::string_view>({"allOf", "anyOf", "oneOf", "prefixItems"});
constexpr auto schema_maps = std::to_array<std::string_view>(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"});
// Examples are for readers of the document; ids and anchors would give references another base.
constexpr auto left_out = std::to_array<std::string_view>(
    {"$ref", "nullable", "exclusiveMinimum", "exclusiveMaximum", "example", "examples", "externalDocs", "xml",
     "$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "discriminator"});
constexpr auto annotations = std::to_array<std::string_view>(
    {"title", "description", "default", "deprecated", "readOnly", "writeOnly"});

bool is_one_of(std::string_view key, Keywords keywords) {
  return std::ranges::find(keywords, key) != keywords.end();
}

JsonObject null_schema() {
  return {{"type", "null"}};
}

class Translation {
 public:
  Translation(SchemaDialect dialect, const ReferencePath& path_of) : dialect_(dialect), path_of_(path_of) {}

  Json schema(const Json& source) const {
    if (source.is_bool()) return source;
    const auto* object = source.if_object();
    if (!object) {
      throw Failure(ErrorKind::bad_request,
                    "a schema must be an object, got " + to_text(source).substr(0, 40));
    }
    if (object->contains("$dynamicRef") || object->contains("$recursiveRef")) {
      throw Failure(ErrorKind::bad_request, "a schema uses `$dynamicRef`, which is not supported");
    }
    auto own = keywords(*object);
    auto out = reference_of(source).empty() ? std::move(own) : with_reference(source, std::move(own));
    if (flag_member(*object, "nullable")) out = or_null(std::move(out));
    return out;
  }

 private:
  JsonObject keywords(const JsonObject& source) const {
    JsonObject out;
    for (const auto& [key, value] : source) {
      if (is_one_of(key, left_out) || (key.starts_with("x-") && key != "x-poly-ref")) continue;
      if (key == "required" && !value.is_array()) continue;
      out[key] = keyword(key, value);
    }
    limit(source, "minimum", "exclusiveMinimum", out);
    limit(source, "maximum", "exclusiveMaximum", out);
    if (const auto* mark = source.if_contains("discriminator"); mark && mark->is_object()) {
      out["discriminator"] = discriminator(mark->get_object());
    }
    return out;
  }

  Json keyword(std::string_view key, const Json& value) const {
    if (is_one_of(key, single_schemas)) return value.is_array() ? list(value.get_array()) : schema(value);
    if (is_one_of(key, schema_lists) && value.is_array()) return list(value.get_array());
    if (!is_one_of(key, schema_maps) || !value.is_object()) return value;
    JsonObject members;
    for (const auto& [name, member] : value.get_object()) members[name] = schema(member);
    return members;
  }

  Json list(const JsonArray& schemas) const {
    JsonArray out;
    out.reserve(schemas.size());
    for (const auto& item : schemas) out.push_back(schema(item));
    return out;
  }

  // OpenAPI 3.0 marks a limit as exclusive by a boolean beside it.
  static void limit(const JsonObject& source, std::string_view inclusive, std::string_view exclusive,
                    JsonObject& out) {
    const auto* mark = source.if_contains(exclusive);
    if (!mark) return;
    if (!mark->is_bool()) {
      out[exclusive] = *mark;
    } else if (mark->get_bool() && out.contains(inclusive)) {
      auto bound = out.at(inclusive);  // a copy: a new member may move the others
      out[exclusive] = std::move(bound);
      out.stable_erase(inclusive);
    }
  }

  // Values of `mapping` are references, or bare names of component schemas.
  JsonObject discriminator(const JsonObject& source) const {
    JsonObject out{{"propertyName", text_of(source, "propertyName")}};
    JsonObject mapping;
    for (const auto& [value, target] : object_member(source, "mapping")) {
      const auto* text = target.if_string();
      if (!text) continue;
      const bool is_reference = text->find_first_of("#/.") != boost::json::string::npos;
      mapping[value] =
          path_of_(is_reference ? std::string(*text) : "#/components/schemas/" + std::string(*text));
    }
    if (!mapping.empty()) out["mapping"] = std::move(mapping);
    return out;
  }

  // Beside a reference OpenAPI 3.0 has no keywords; descriptions that people write there all the same are
  // kept. In 3.1 the keywords beside it hold as well.
  JsonObject with_reference(const Json& source, JsonObject own) const {
    JsonObject out{{"x-poly-ref", JsonObject{{"path", path_of_(reference_of(source))}}}};
    JsonObject rest;
    for (const auto& [key, value] : own) {
      if (is_one_of(key, annotations)) {
        out[key] = value;
      } else if (dialect_ == SchemaDialect::open_api_3_1) {
        rest[key] = value;
      }
    }
    if (rest.empty()) return out;
    return {{"allOf", JsonArray{std::move(out), std::move(rest)}}};
  }

  static JsonObject or_null(JsonObject schema) {
    if (auto* allowed = schema.if_contains("enum"); allowed && allowed->is_array()) {
      auto& values = allowed->get_array();
      if (std::ranges::find(values, Json(nullptr)) == values.end()) values.push_back(nullptr);
    }
    if (auto* type = schema.if_contains("type"); type && type->is_string()) {
      *type = JsonArray{*type, "null"};
      return schema;
    }
    const auto chooses = [&](std::string_view key) { return schema.contains(key); };
    if (std::ranges::none_of(std::array{"x-poly-ref", "allOf", "oneOf", "anyOf"}, chooses)) return schema;
    return {{"anyOf", JsonArray{std::move(schema), null_schema()}}};
  }

  SchemaDialect dialect_;
  const ReferencePath& path_of_;
};

}  // namespace

Json translate_schema(const Json& schema, SchemaDialect dialect, const ReferencePath& path_of) {
  return Translation(dialect, path_of).schema(schema);
}

}  // namespace poly::training
