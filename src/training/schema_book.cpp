#include "training/schema_book.hpp"

#include <algorithm>

#include "training/schema_problem.hpp"

namespace poly::training {
namespace {

constexpr std::string_view component_prefix = "/components/schemas/";
constexpr std::string_view dialect_address = "https://json-schema.org/draft/2020-12/schema";

std::string escaped(std::string_view token) {
  std::string out;
  for (const char c : token) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out.push_back(c);
  }
  return out;
}

std::string name_for(std::string_view pointer) {
  if (pointer.starts_with(component_prefix)) pointer.remove_prefix(component_prefix.size());
  auto name = pascal_case(pointer);
  return name.empty() ? "Schema" : name;
}

}  // namespace

SchemaBook::SchemaBook(const OpenApiDocument& document, std::string context)
    : document_(document), context_(std::move(context)) {
  for (const auto& [name, schema] : object_member(object_member(document.root(), "components"), "schemas")) {
    entry_of({&schema, std::string(component_prefix) + escaped(name)});
  }
}

SchemaBook::Entry& SchemaBook::entry_of(const Located& place) {
  auto& entry = entries_[place.pointer];
  if (!entry.source) {
    entry.source = place.value;
    entry.name = names_.claim(name_for(place.pointer));
  }
  return entry;
}

Json SchemaBook::translate_into(const Json& schema, std::set<std::string>& references) {
  const ReferencePath path_of = [&](std::string_view reference) {
    const auto place = document_.at(reference);
    references.insert(place.pointer);
    return spec::join_path(context_, entry_of(place).name);
  };
  const auto dialect = document_.is_3_0() ? SchemaDialect::open_api_3_0 : SchemaDialect::open_api_3_1;
  return translate_schema(schema, dialect, path_of);
}

Json SchemaBook::translate(const Json& schema) {
  std::set<std::string> references;
  auto translated = translate_into(schema, references);
  for (const auto& pointer : references) require(pointer);
  const auto problem = schema_problem(translated);
  if (!problem) return translated;
  warnings_.push_back("a schema is taken as anything: " + *problem);
  return JsonObject();
}

void SchemaBook::read(Entry& entry) {
  if (entry.is_read) return;
  entry.is_read = true;
  try {
    document_.resolve(*entry.source);
    entry.definition = translate_into(*entry.source, entry.references);
    if (const auto problem = schema_problem(entry.definition)) {
      entry.warning = "schema " + entry.name + " is taken as anything: " + *problem;
      entry.definition = JsonObject();
      entry.references.clear();
    }
  } catch (const Failure& failure) {
    entry.problem = "schema " + entry.name + ": " + failure.error().message;
  }
}

void SchemaBook::require(const std::string& pointer) {
  std::vector<std::string> open{pointer};
  while (!open.empty()) {
    const auto next = std::move(open.back());
    open.pop_back();
    if (kept_.contains(next) || !pending_.insert(next).second) continue;
    auto& entry = entries_.at(next);
    read(entry);
    if (!entry.problem.empty()) throw Failure(ErrorKind::bad_request, entry.problem);
    if (!entry.warning.empty()) warnings_.push_back(entry.warning);
    open.insert(open.end(), entry.references.begin(), entry.references.end());
  }
}

std::vector<std::string> SchemaBook::keep() {
  kept_.merge(pending_);
  pending_.clear();
  return std::exchange(warnings_, {});
}

void SchemaBook::forget() {
  pending_.clear();
  warnings_.clear();
}

spec::SchemaDefinition SchemaBook::definition_of(Entry& entry) const {
  JsonObject definition{{"$schema", dialect_address}};
  if (auto* object = entry.definition.if_object()) {
    for (auto& [key, value] : *object) definition[key] = std::move(value);
  } else if (!entry.definition.get_bool()) {
    definition["not"] = JsonObject();
  }
  spec::SchemaDefinition out;
  out.head.name = entry.name;
  out.head.context = context_;
  out.head.description = text_of(definition, "description");
  out.definition = {to_text(definition)};
  return out;
}

std::vector<spec::SchemaDefinition> SchemaBook::take_definitions() {
  std::vector<spec::SchemaDefinition> out;
  out.reserve(kept_.size());
  for (const auto& pointer : kept_) out.push_back(definition_of(entries_.at(pointer)));
  std::ranges::sort(out, {}, [](const auto& schema) { return schema.head.name; });
  return out;
}

}  // namespace poly::training
