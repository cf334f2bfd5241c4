#include "sdk/function_type.hpp"

#include <array>
#include <set>

#include "sdk/names.hpp"
#include "sdk/type_expression.hpp"

namespace poly::sdk {
namespace {

const JsonObject* object_at(const JsonObject& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member ? member->if_object() : nullptr;
}

bool flag(const JsonObject& object, std::string_view key, bool otherwise) {
  const auto* member = object.if_contains(key);
  return member && member->is_bool() ? member->get_bool() : otherwise;
}

bool is_required(const JsonObject& argument) {
  return flag(argument, "required", true);
}

TypeText primitive(std::string_view type) {
  if (type == "integer") return {"number"};
  if (type == "string" || type == "number" || type == "boolean" || type == "null") return {std::string(type)};
  return type == "object" ? record_of_any() : any_type();
}

TypeText any_function() {
  return {"(...args: any[]) => any", Binding::function};
}

TypeText expression_or_any(std::string_view text) {
  if (auto type = checked_type_expression(text)) return std::move(*type);
  return text.empty() ? any_type() : any_type_because(text);
}

std::string promise_of(std::string_view type) {
  return "Promise<" + std::string(type) + ">";
}

}  // namespace

const JsonArray* arguments_of(const JsonObject* specification) {
  const auto* arguments = specification ? specification->if_contains("arguments") : nullptr;
  return arguments ? arguments->if_array() : nullptr;
}

std::vector<std::string_view> argument_keys(const JsonArray& arguments) {
  std::vector<std::string_view> keys;
  keys.reserve(arguments.size());
  for (const auto& argument : arguments) {
    const auto* object = argument.if_object();
    keys.push_back(object ? text_of(*object, "name") : std::string_view());
  }
  return keys;
}

void reserve_used_names(UniqueNames& names) {
  constexpr auto used = std::to_array<std::string_view>({"any",
                                                         "unknown",
                                                         "never",
                                                         "void",
                                                         "null",
                                                         "undefined",
                                                         "string",
                                                         "number",
                                                         "boolean",
                                                         "bigint",
                                                         "symbol",
                                                         "object",
                                                         "Date",
                                                         "RegExp",
                                                         "Error",
                                                         "ArrayBuffer",
                                                         "Uint8Array",
                                                         "Promise",
                                                         "Array",
                                                         "Set",
                                                         "Map",
                                                         "Record",
                                                         "Partial",
                                                         "Required",
                                                         "Readonly",
                                                         "ReadonlyArray",
                                                         "schemas",
                                                         "Poly",
                                                         "Vari",
                                                         "Variable",
                                                         "SecretVariable",
                                                         "ApiFunctionResponse",
                                                         "GraphqlFunctionResponse"});
  for (const auto name : used) names.reserve(name);
}

TypeText TypeWriter::property_type(const Json* type, const std::string& prefix, std::size_t depth) {
  const auto* object = type ? type->if_object() : nullptr;
  if (!object || detail_ == Detail::none) return any_type();
  const auto kind = text_of(*object, "kind");
  if (kind == "void") return {"void"};
  if (kind == "primitive") return primitive(text_of(*object, "type"));
  if (kind == "array") return array_of(property_type(object->if_contains("items"), prefix, depth));
  if (kind == "object") return object_type(*object, prefix, depth);
  if (kind == "function") return function_type(*object, prefix, depth);
  if (kind == "plain") return expression_or_any(text_of(*object, "value"));
  return any_type();
}

TypeText TypeWriter::schema_type(const Json& schema, const std::string& prefix, std::size_t depth,
                                 std::string_view name) {
  if (detail_ == Detail::none) return any_type();
  return SchemaType(schema, prefix, scope_, schemas_).write(depth, name);
}

TypeText TypeWriter::object_type(const JsonObject& type, const std::string& prefix, std::size_t depth) {
  if (const auto* schema = type.if_contains("schema")) {
    if (!schema->is_string()) return schema_type(*schema, prefix, depth);
    // Older Python clients deployed schemas as text (wire.md section 3.2).
    const auto parsed = parse_json(schema->get_string(), "schema");
    return parsed ? schema_type(*parsed, prefix, depth) : any_type_because(parsed.error().message);
  }
  const auto* properties = type.if_contains("properties");
  if (properties && properties->is_array()) return properties_type(properties->get_array(), prefix, depth);
  const auto name = text_of(type, "typeName");
  return name.empty() ? record_of_any() : expression_or_any(name);
}

TypeText TypeWriter::properties_type(const JsonArray& properties, const std::string& prefix,
                                     std::size_t depth) {
  std::string out = "{\n";
  std::set<std::string_view> seen;
  for (const auto& item : properties) {
    const auto* property = item.if_object();
    const auto name = property ? text_of(*property, "name") : std::string_view();
    if (!property || !seen.insert(name).second) continue;
    const auto type = argument_type(*property, prefix + pascal_case(name), depth + 1);
    append_doc(out, depth + 1, {.description = text_of(*property, "description")});
    append_indent(out, depth + 1);
    out.append(property_key(name))
        .append(is_required(*property) ? ": " : "?: ")
        .append(type.text)
        .append(";\n");
  }
  if (seen.empty()) return record_of_any();
  append_indent(out, depth);
  return {out + "}"};
}

TypeText TypeWriter::function_type(const JsonObject& type, const std::string& prefix, std::size_t depth) {
  const auto* specification = object_at(type, "spec");
  if (!specification) return any_function();
  const auto result = property_type(specification->if_contains("returnType"), prefix + "Result", depth);
  return {parameters(*specification, prefix, depth) + " => " + result.text, Binding::function};
}

TypeText TypeWriter::argument_type(const JsonObject& argument, const std::string& prefix, std::size_t depth) {
  auto type = property_type(argument.if_contains("type"), prefix, depth);
  return flag(argument, "nullable", false) ? or_null(std::move(type)) : type;
}

// An optional argument in front of a required one cannot be left out: it may be `undefined`.
std::string TypeWriter::parameters(const JsonObject& specification, const std::string& prefix,
                                   std::size_t depth) {
  const auto* arguments = arguments_of(&specification);
  if (!arguments) return "(...args: any[])";
  std::size_t required_until = 0;
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    const auto* argument = (*arguments)[i].if_object();
    if (argument && is_required(*argument)) required_until = i + 1;
  }
  UniqueNames names;
  std::string out = "(";
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    static const JsonObject nameless;
    const auto* object = (*arguments)[i].if_object();
    const auto& argument = object ? *object : nameless;
    const auto name = text_of(argument, "name");
    auto type = argument_type(argument, prefix + pascal_case(name), depth);
    const bool left_out = !is_required(argument) && i >= required_until;
    if (!is_required(argument) && !left_out) {
      std::vector<TypeText> members{std::move(type), TypeText{"undefined"}};
      type = union_of(std::move(members));
    }
    out.append(i == 0 ? "" : ", ").append(names.unique(parameter_name(name)));
    out.append(left_out ? "?: " : ": ").append(type.text);
  }
  return out + ")";
}

TypeText TypeWriter::callable(const Entry& entry, const std::string& prefix, std::size_t depth) {
  const auto* specification = entry.object("function");
  static const JsonObject unknown;
  const auto& known = specification ? *specification : unknown;
  auto given = property_type(known.if_contains("returnType"), prefix + "Result", depth);
  return {parameters(known, prefix, depth) + " => " + result(entry, std::move(given)), Binding::function};
}

std::string TypeWriter::result(const Entry& entry, TypeText type) const {
  switch (entry.kind) {
    case EntryKind::api_function: {
      const bool is_graphql = text_of(*entry.json, "apiType") == "graphql";
      const std::string_view response = is_graphql ? "GraphqlFunctionResponse<" : "ApiFunctionResponse<";
      return promise_of(std::string(response) + type.text + ">");
    }
    case EntryKind::server_function:
      if (flag(*entry.json, "serverSideAsync", false)) return promise_of("{ executionId: string }");
      return promise_of(awaited(type).text);
    case EntryKind::client_function: {
      const auto* specification = entry.object("function");
      const bool is_synchronous = specification && flag(*specification, "synchronous", false);
      return is_synchronous ? std::move(type.text) : promise_of(awaited(type).text);
    }
    case EntryKind::webhook:
      return type.is_any() ? "() => void" : std::move(type.text);
    case EntryKind::variable:
    case EntryKind::schema:
      break;
  }
  return std::move(type.text);
}

Doc TypeWriter::doc_of(const Entry& entry) {
  Doc doc{.description = entry.description, .parameters = {}, .deprecated = entry.deprecated};
  const auto* arguments = arguments_of(entry.object("function"));
  if (!arguments) return doc;
  UniqueNames names;
  for (const auto& item : *arguments) {
    const auto* argument = item.if_object();
    auto name = names.unique(parameter_name(argument ? text_of(*argument, "name") : std::string_view()));
    if (argument) doc.parameters.emplace_back(std::move(name), text_of(*argument, "description"));
  }
  return doc;
}

}  // namespace poly::sdk
