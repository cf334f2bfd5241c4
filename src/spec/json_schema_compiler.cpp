#include "spec/json_schema_compiler.hpp"

#include <algorithm>

#include "spec/json_schema_pattern.hpp"

namespace poly::spec {
namespace json_schema {

Result<std::shared_ptr<const Program>> Compiler::run(const Json& schema) {
  const auto root = documents_.add(schema);
  if (!root) return fail(root.error().kind, "#: " + root.error().message);
  block_for(*root, "#");
  do {
    compile_waiting();
  } while (!error_ && add_dynamic_targets());
  if (error_) return std::unexpected(std::move(*error_));
  return std::make_shared<const Program>(std::move(program_));
}

void Compiler::compile_waiting() {
  while (!error_ && !waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    compile_block(next);
  }
}

void Compiler::compile_block(const Waiting& waiting) {
  const Json& schema = *waiting.location.schema;
  const auto first_step = program_.steps.size();
  static const JsonObject no_keywords;
  const auto* object = schema.if_object();
  Subject subject{object ? *object : no_keywords, waiting.location.resource, waiting.place};
  if (schema.is_bool()) {
    if (!schema.get_bool()) emit(Nothing{});
  } else if (!object) {
    refuse(subject, "", "a schema must be an object or a boolean");
  } else if (object->contains("$ref") && documents_.ref_hides_neighbours(subject.resource)) {
    reference(subject, object->at("$ref"));
  } else {
    for (const auto& keyword : keywords()) {
      const auto* value = object->if_contains(keyword.name);
      if (value && !error_) (this->*keyword.compile)(subject, *value);
    }
  }
  Block& block = program_.blocks[waiting.block];
  block.first_step = static_cast<std::uint32_t>(first_step);
  block.steps_end = static_cast<std::uint32_t>(program_.steps.size());
  block.resource = subject.resource;
  block.tracks_evaluated = subject.tracks_evaluated;
  const auto* nullable = subject.keywords.if_contains("nullable");
  block.null_fits = nullable && nullable->is_bool() && nullable->get_bool();
}

// Every $dynamicAnchor that a $dynamicRef may land on; says whether any was new.
bool Compiler::add_dynamic_targets() {
  const auto before = program_.blocks.size();
  for (const auto& [name, id] : anchors_) {
    for (const auto& location : documents_.dynamic_anchors_named(name)) {
      const auto block = block_for(location, "#" + name);
      program_.dynamic_anchors.emplace(std::pair(location.resource, id), block);
    }
  }
  return program_.blocks.size() > before;
}

void Compiler::refuse(const Subject& subject, std::string_view keyword, std::string_view reason,
                      ErrorKind kind) {
  if (error_) return;
  error_ = Error{kind, subject.place, {}, {}};
  if (!keyword.empty()) error_->message.append("/").append(keyword);
  error_->message.append(": ").append(reason);
}

BlockId Compiler::block_for(const Location& location, std::string place) {
  const auto [known, is_new] =
      block_by_schema_.emplace(location.schema, static_cast<BlockId>(program_.blocks.size()));
  if (!is_new) return known->second;
  program_.blocks.emplace_back();
  if (program_.blocks.size() > blocks_max && !error_) {
    error_ = Error{ErrorKind::too_large,
                   place + ": has more than " + std::to_string(blocks_max) + " subschemas",
                   {},
                   {}};
  }
  waiting_.push_back({known->second, location, std::move(place)});
  return known->second;
}

BlockId Compiler::child_block(const Subject& subject, const Json& schema, std::string_view keyword,
                              std::string_view name) {
  std::string place = subject.place;
  place.append("/").append(keyword);
  if (!name.empty()) place.append("/").append(name);
  return block_for({&schema, documents_.resource_of(schema, subject.resource)}, std::move(place));
}

std::vector<BlockId> Compiler::child_blocks(const Subject& subject, const Json& list,
                                            std::string_view keyword) {
  std::vector<BlockId> out;
  const auto* schemas = list.if_array();
  if (!schemas || schemas->empty()) {
    refuse(subject, keyword, "must be a list of schemas with at least one");
    return out;
  }
  for (const auto& schema : *schemas) {
    out.push_back(child_block(subject, schema, keyword, std::to_string(out.size())));
  }
  return out;
}

std::vector<Branch> Compiler::branches(const Subject& subject, const Json& list, std::string_view keyword) {
  std::vector<Branch> out;
  for (const auto block : child_blocks(subject, list, keyword)) {
    const auto* schema = list.get_array()[out.size()].if_object();
    std::string_view name = schema ? text_of(*schema, "title") : std::string_view();
    if (schema && name.empty()) {
      name = text_of(*schema, "$ref");
      name.remove_prefix(name.rfind('/') + 1);
    }
    out.push_back({block, std::string(name)});
  }
  return out;
}

std::optional<std::size_t> Compiler::count_of(const Subject& subject, const Json& value,
                                              std::string_view keyword) {
  if (kind_of(value) != kind_integer || compare_numbers(value, Json(0)) < 0) {
    refuse(subject, keyword, "must be a whole number of zero or more");
    return std::nullopt;
  }
  if (compare_numbers(value, Json(std::numeric_limits<std::int64_t>::max())) >= 0) return unlimited;
  if (const auto* fraction = value.if_double()) return static_cast<std::size_t>(*fraction);
  return value.to_number<std::size_t>();
}

// Nothing when the pattern is refused, or when it is unsupported and such patterns are to be ignored.
std::optional<Pattern> Compiler::pattern_of(const Subject& subject, const Json& value,
                                            std::string_view keyword) {
  const auto* text = value.if_string();
  if (!text) {
    refuse(subject, keyword, "a pattern must be a string");
    return std::nullopt;
  }
  const std::string ecma(*text);
  const auto translated = to_re2_syntax(ecma);
  if (!translated) {
    const bool is_ignored = translated.error().kind == ErrorKind::unsupported &&
                            options_.unsupported_patterns == SchemaOptions::UnsupportedPatterns::ignore;
    if (!is_ignored)
      refuse(subject, keyword, "the pattern " + ecma + " cannot be used: " + translated.error().message);
    return std::nullopt;
  }
  Pattern out{ecma, std::make_unique<RE2>(*translated, RE2::Quiet)};
  if (!out.expression->ok()) {
    refuse(subject, keyword, "the pattern " + ecma + " cannot be used: " + out.expression->error());
    return std::nullopt;
  }
  return out;
}

std::vector<std::string> Compiler::texts_of(const Subject& subject, const Json& value,
                                            std::string_view keyword) {
  std::vector<std::string> out;
  const auto* list = value.if_array();
  const bool is_right = list && std::ranges::all_of(*list, [](const Json& item) { return item.is_string(); });
  if (!is_right) {
    refuse(subject, keyword, "must be a list of strings");
    return out;
  }
  for (const auto& item : *list) out.emplace_back(item.get_string());
  return out;
}

const JsonObject* Compiler::object_of(const Subject& subject, const Json& value, std::string_view keyword) {
  const auto* object = value.if_object();
  if (!object) refuse(subject, keyword, "must be an object");
  return object;
}

}  // namespace json_schema

Result<CompiledSchema> CompiledSchema::compile(const Json& schema, const SchemaResolver* resolver,
                                               const SchemaOptions& options) {
  json_schema::Compiler compiler(resolver, options);
  auto program = compiler.run(schema);
  if (!program) return std::unexpected(std::move(program).error());
  return CompiledSchema(std::move(*program));
}

}  // namespace poly::spec
