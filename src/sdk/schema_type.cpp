#include "sdk/schema_type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/url/pct_string_view.hpp>

#include "sdk/names.hpp"

namespace poly::sdk {
namespace {

// Keywords that say what shape a value has, so that a schema with one of them is worth a type.
constexpr auto shape_keywords = std::to_array<std::string_view>(
    {"type", "properties", "additionalProperties", "patternProperties", "items", "prefixItems", "enum",
     "const", "$ref", "x-poly-ref", "allOf", "anyOf", "oneOf", "nullable"});
// Keywords that only comment.
constexpr auto annotation_keywords = std::to_array<std::string_view>(
    {"title", "description", "default", "example", "examples", "$comment", "$schema", "$id", "id",
     "definitions", "$defs", "deprecated", "readOnly", "writeOnly"});

bool is_annotation(std::string_view key) {
  return std::ranges::find(annotation_keywords, key) != annotation_keywords.end();
}

bool has_shape(const Json& schema) {
  const auto* object = schema.if_object();
  return object && std::ranges::any_of(shape_keywords, [&](auto key) { return object->contains(key); });
}

// A part such as `{"required":["a"]}` narrows its neighbours in a way that no type can say.
bool only_narrows(const Json& schema) {
  const auto* object = schema.if_object();
  if (!object || has_shape(schema)) return false;
  return std::ranges::any_of(*object, [](const auto& member) { return !is_annotation(member.key()); });
}

bool is_true(const Json* value) {
  return value && value->is_bool() && value->get_bool();
}
bool is_false(const Json* value) {
  return value && value->is_bool() && !value->get_bool();
}

const JsonArray* array_at(const JsonObject& schema, std::string_view key) {
  const auto* member = schema.if_contains(key);
  return member ? member->if_array() : nullptr;
}

const JsonObject* object_at(const JsonObject& schema, std::string_view key) {
  const auto* member = schema.if_contains(key);
  return member ? member->if_object() : nullptr;
}

TypeText literal(const Json& value) {
  if (value.is_object()) return record_of_any();
  if (value.is_array()) return {"any[]"};
  if (value.is_string()) {
    std::string out;
    append_quoted(out, value.get_string());
    return {std::move(out)};
  }
  if (value.is_double()) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.get_double()).ptr;
    return {std::string(digits.data(), end)};
  }
  return {to_text(value)};
}

bool is_required(const JsonObject& schema, std::string_view name) {
  const auto* required = array_at(schema, "required");
  return required && std::ranges::any_of(*required, [&](const Json& item) {
           return item.is_string() && std::string_view(item.get_string()) == name;
         });
}

// Objects that only list properties can be written as one.
bool is_plain_object(const Json& schema) {
  constexpr auto mergeable = std::to_array<std::string_view>({"type", "properties", "required"});
  const auto* object = schema.if_object();
  if (!object || !object_at(*object, "properties")) return false;
  if (object->contains("type") && text_of(*object, "type") != "object") return false;
  return std::ranges::all_of(*object, [&](const auto& member) {
    const std::string_view key = member.key();
    return is_annotation(key) || std::ranges::find(mergeable, key) != mergeable.end();
  });
}

// Adds the properties of `part` to `whole`; false, and nothing done, when they share one.
bool merge_into(JsonObject& whole, const JsonObject& part) {
  auto& properties = whole["properties"];
  if (properties.is_null()) properties.emplace_object();
  for (const auto& [name, property] : part.at("properties").get_object()) {
    if (properties.get_object().contains(name)) return false;
  }
  for (const auto& [name, property] : part.at("properties").get_object())
    properties.get_object()[name] = property;
  if (const auto* required = array_at(part, "required")) {
    auto& all = whole["required"];
    if (all.is_null()) all.emplace_array();
    for (const auto& name : *required) all.get_array().push_back(name);
  }
  return true;
}

using Member = std::pair<std::string_view, const Json*>;

// The properties by name, with those that are only required (null). Next to an `allOf`, `required` usually
// speaks of what the parts describe.
std::vector<Member> members_of(const JsonObject& schema) {
  std::vector<Member> members;
  const auto* properties = object_at(schema, "properties");
  if (properties) {
    for (const auto& [name, property] : *properties) members.emplace_back(name, &property);
  }
  if (const auto* required = array_at(schema, "required"); required && !schema.contains("allOf")) {
    for (const auto& name : *required) {
      if (!name.is_string() || (properties && properties->contains(name.get_string()))) continue;
      members.emplace_back(name.get_string(), nullptr);
    }
  }
  std::ranges::sort(members, {}, &Member::first);
  const auto repeated = std::ranges::unique(members, {}, &Member::first);
  members.erase(repeated.begin(), repeated.end());
  return members;
}

Doc doc_of(const Json& property) {
  const auto* schema = property.if_object();
  if (!schema) return {};
  const auto description = text_of(*schema, "description");
  return {.description = description.empty() ? text_of(*schema, "title") : description,
          .parameters = {},
          .deprecated = is_true(schema->if_contains("deprecated"))};
}

// A reference is a URL fragment. One that is not well formed is taken as it stands.
std::string percent_decoded(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  return encoded ? encoded->decode() : std::string(text);
}

}  // namespace

TypeText SchemaType::write(std::size_t depth, std::string_view name) {
  if (!name.empty()) {
    named_.emplace(&root_, name);
    owner_ = scope_.qualifier + std::string(name);
  }
  auto type = type_of(root_, depth);
  // One after the other and not inside of each other: a chain of references may be as long as it likes.
  while (!undeclared_.empty()) {
    const Json* target = undeclared_.back();
    undeclared_.pop_back();
    declare(*target);
  }
  return type;
}

TypeText SchemaType::type_of(const Json& schema, std::size_t depth) {
  if (is_false(&schema)) return {"never"};
  const auto* object = schema.if_object();
  if (!object) return any_type();
  if (nesting_ == schema_depth_max) return any_type_because("nested too deep");
  ++nesting_;
  auto type = type_of_object(*object, depth);
  --nesting_;
  return type;
}

// Inside of an object or array, where an alias may mention itself.
TypeText SchemaType::member_type(const Json& schema, std::size_t depth) {
  auto owner = std::exchange(owner_, {});
  auto type = type_of(schema, depth);
  owner_ = std::move(owner);
  return type;
}

TypeText SchemaType::type_of_object(const JsonObject& schema, std::size_t depth) {
  std::vector<TypeText> parts;
  if (const auto* target = schema.if_contains("x-poly-ref")) parts.push_back(poly_reference(*target));
  if (const auto* target = schema.if_contains("$ref"); target && target->is_string()) {
    parts.push_back(reference(target->get_string()));
  }
  add_all_of(schema, depth, parts);
  add_choice(schema, "anyOf", depth, parts);
  add_choice(schema, "oneOf", depth, parts);

  auto own = own_types(schema, depth);
  const bool says_nothing_new =
      own.size() == 1 && (own.front() == record_of_any() || own.front().text == "any[]");
  if (!own.empty() && (parts.empty() || !says_nothing_new)) parts.push_back(union_of(std::move(own)));

  auto type = intersection_of(std::move(parts));
  const bool nullable = is_true(schema.if_contains("nullable")) || is_true(schema.if_contains("x-nullable"));
  return nullable ? or_null(std::move(type)) : type;
}

// What the schema says without its references and combinations; nothing when it says nothing.
std::vector<TypeText> SchemaType::own_types(const JsonObject& schema, std::size_t depth) {
  std::vector<TypeText> types;
  if (const auto* value = schema.if_contains("const")) {
    types.push_back(literal(*value));
  } else if (const auto* values = array_at(schema, "enum")) {
    for (const auto& allowed : *values) types.push_back(literal(allowed));
    if (types.empty()) types.push_back({"never"});
  } else if (const auto* names = array_at(schema, "type")) {
    for (const auto& listed : *names) {
      types.push_back(listed.is_string() ? named_type(listed.get_string(), schema, depth) : any_type());
    }
  } else if (const auto name = text_of(schema, "type"); !name.empty()) {
    types.push_back(named_type(name, schema, depth));
  } else if (object_at(schema, "properties") || object_at(schema, "additionalProperties") ||
             object_at(schema, "patternProperties")) {
    types.push_back(literal_object(schema, depth));
  } else if (schema.contains("items") || schema.contains("prefixItems")) {
    types.push_back(array_or_tuple(schema, depth));
  }
  return types;
}

TypeText SchemaType::named_type(std::string_view type, const JsonObject& schema, std::size_t depth) {
  if (type == "object") return literal_object(schema, depth);
  if (type == "array") return array_or_tuple(schema, depth);
  if (type == "string") return text_of(schema, "format") == "binary" ? any_type() : TypeText{"string"};
  if (type == "integer" || type == "number") return {"number"};
  if (type == "boolean" || type == "null") return {std::string(type)};
  return any_type();
}

TypeText SchemaType::literal_object(const JsonObject& schema, std::size_t depth) {
  std::string out = "{\n";
  std::vector<TypeText> members;
  for (const auto& [name, property] : members_of(schema)) {
    auto type = property ? member_type(*property, depth + 1) : any_type();
    const bool required = is_required(schema, name);
    if (property) append_doc(out, depth + 1, doc_of(*property));
    append_indent(out, depth + 1);
    out.append(property_key(name)).append(required ? ": " : "?: ").append(type.text).append(";\n");
    members.push_back(std::move(type));
    if (!required) members.push_back({"undefined"});
  }
  const bool is_empty = members.empty();
  const auto index = index_signature(schema, std::move(members), depth);
  if (is_empty) return index.empty() ? record_of_any() : TypeText{"{ " + index + " }"};
  if (!index.empty()) {
    append_indent(out, depth + 1);
    out.append(index).append(";\n");
  }
  append_indent(out, depth);
  out += "}";
  return {std::move(out)};
}

// The signature holds for the listed members too, so it has to allow their types.
std::string SchemaType::index_signature(const JsonObject& schema, std::vector<TypeText> members,
                                        std::size_t depth) {
  const auto* additional = schema.if_contains("additionalProperties");
  const auto* patterns = object_at(schema, "patternProperties");
  const bool has_members = !members.empty();
  std::vector<TypeText> types;
  if (patterns) {
    for (const auto& [pattern, type] : *patterns) types.push_back(member_type(type, depth));
  }
  if (is_true(additional)) types.push_back(any_type());
  if (additional && additional->is_object()) types.push_back(member_type(*additional, depth));
  if (types.empty()) {
    return !has_members && is_false(additional) ? "[key: string]: never" : "";
  }
  // A long list of types that happen to fit would say less than it costs to read.
  const auto is_long = [](const TypeText& type) { return type.text.contains('\n'); };
  const bool spelled_out = !has_members || std::ranges::none_of(members, is_long);
  std::ranges::move(members, std::back_inserter(types));
  return "[key: string]: " + (spelled_out ? union_of(std::move(types)).text : "any");
}

TypeText SchemaType::array_or_tuple(const JsonObject& schema, std::size_t depth) {
  const auto* items = schema.if_contains("items");
  if (const auto* listed = array_at(schema, "prefixItems")) return tuple(*listed, items, schema, depth);
  if (const auto* listed = array_at(schema, "items")) {
    return tuple(*listed, schema.if_contains("additionalItems"), schema, depth);
  }
  return array_of(items ? member_type(*items, depth) : any_type());
}

TypeText SchemaType::tuple(const JsonArray& items, const Json* rest, const JsonObject& schema,
                           std::size_t depth) {
  const auto count_at = [&](std::string_view key, std::size_t otherwise) {
    const auto* count = schema.if_contains(key);
    return count && count->is_number() ? static_cast<std::size_t>(std::max(0.0, count->to_number<double>()))
                                       : otherwise;
  };
  const auto certain = count_at("minItems", items.size());
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    const auto type = member_type(items[i], depth);
    const bool needs_parentheses = i >= certain && type.binding != Binding::primary;
    out.append(needs_parentheses ? "(" : "").append(type.text).append(needs_parentheses ? ")" : "");
    if (i >= certain) out += "?";
  }
  if (!is_false(rest) && count_at("maxItems", items.size() + 1) > items.size()) {
    out.append(out.empty() ? "..." : ", ...")
        .append(array_of(rest ? member_type(*rest, depth) : any_type()).text);
  }
  return {"[" + out + "]"};
}

void SchemaType::add_all_of(const JsonObject& schema, std::size_t depth, std::vector<TypeText>& parts) {
  const auto* all = array_at(schema, "allOf");
  if (!all) return;
  JsonObject merged{{"type", "object"}};
  for (const auto& part : *all) {
    if (only_narrows(part)) continue;
    if (is_plain_object(part) && merge_into(merged, part.get_object())) continue;
    parts.push_back(type_of(part, depth));
  }
  if (!merged.contains("properties")) return;
  // The merged object is a copy: references found in it are still looked up in the whole schema.
  const Json copy(std::move(merged));
  parts.push_back(type_of(copy, depth));
}

void SchemaType::add_choice(const JsonObject& schema, std::string_view key, std::size_t depth,
                            std::vector<TypeText>& parts) {
  const auto* choices = array_at(schema, key);
  // A choice that only narrows allows whatever the neighbours of this keyword say.
  if (!choices || choices->empty() || std::ranges::any_of(*choices, only_narrows)) return;
  std::vector<TypeText> types;
  for (const auto& choice : *choices) types.push_back(type_of(choice, depth));
  parts.push_back(union_of(std::move(types)));
}

TypeText SchemaType::reference(std::string_view pointer) {
  boost::json::error_code problem;
  const auto* target =
      pointer.starts_with('#') ? root_.find_pointer(percent_decoded(pointer.substr(1)), problem) : nullptr;
  if (!target) return any_type_because("unresolved $ref " + std::string(pointer));
  if (!named_.contains(target)) {
    const auto last = percent_decoded(pointer.substr(pointer.find_last_of("/#") + 1));
    named_.emplace(target, scope_.names.unique(prefix_ + (last.empty() ? "Root" : pascal_case(last))));
    undeclared_.push_back(target);
  }
  const auto& name = named_.at(target);
  return mention(name, scope_.qualifier + name);
}

TypeText SchemaType::mention(const std::string& name, const std::string& qualified) {
  if (owner_.empty() || scope_.aliases.add(owner_, qualified)) return {name};
  return any_type_because("a type that is only itself");
}

void SchemaType::declare(const Json& target) {
  owner_ = scope_.qualifier + named_.at(&target);
  const auto type = type_of(target, scope_.depth);
  append_indent(scope_.declarations, scope_.depth);
  scope_.declarations.append("type ")
      .append(named_.at(&target))
      .append(" = ")
      .append(type.text)
      .append(";\n");
}

TypeText SchemaType::poly_reference(const Json& reference) {
  const auto* object = reference.if_object();
  const std::string path(object ? text_of(*object, "path") : std::string_view());
  const std::string owner(object ? text_of(*object, "publicNamespace") : std::string_view());
  auto found = owner.empty() ? schemas_.end() : schemas_.find(owner + "." + path);
  if (found == schemas_.end()) found = schemas_.find(path);
  if (found == schemas_.end()) return any_type_because("unresolved schema " + path);
  return mention(found->second, found->second);
}

}  // namespace poly::sdk
