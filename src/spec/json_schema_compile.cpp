// From schema documents to a program: every keyword becomes at most one step, every subschema one block.
//
// Subschemas wait in a queue instead of being compiled by recursion, so that deep and cyclic schemas need no
// stack. The first mistake stops the work; the door hands it out with the place where it stands.
#include <algorithm>
#include <cmath>
#include <deque>
#include <set>

#include "spec/json_schema.hpp"
#include "spec/json_schema_documents.hpp"
#include "spec/json_schema_pattern.hpp"
#include "spec/json_schema_program.hpp"

namespace poly::spec {
namespace json_schema {
namespace {

constexpr std::size_t blocks_max = 200'000;

class Compiler final {
 public:
  Compiler(const SchemaResolver* resolver, const SchemaOptions& options)
      : documents_(resolver), options_(options) {}

  Result<std::shared_ptr<const Program>> run(const Json& schema) {
    const auto root = documents_.add(schema);
    if (!root) return fail(root.error().kind, "#: " + root.error().message);
    block_for(*root, "#");
    do {
      compile_waiting();
    } while (!error_ && add_dynamic_targets());
    if (error_) return std::unexpected(std::move(*error_));
    return std::make_shared<const Program>(std::move(program_));
  }

 private:
  // The subschema at work: its keywords, its resource and its place for messages.
  struct Subject {
    const JsonObject& keywords;
    ResourceId resource;
    const std::string& place;
    std::size_t first_step;
    bool tracks_evaluated = false;
  };
  struct Waiting {
    BlockId block;
    Location location;
    std::string place;
  };
  struct Keyword {
    std::string_view name;
    void (Compiler::*compile)(Subject& subject, const Json& value);
  };
  static const std::vector<Keyword>& keywords();

  void compile_waiting();
  void compile_block(const Waiting& waiting);
  bool add_dynamic_targets();

  void refuse(const Subject& subject, std::string_view keyword, std::string_view reason,
              ErrorKind kind = ErrorKind::bad_request);
  BlockId block_for(const Location& location, std::string place);
  BlockId child_block(const Subject& subject, const Json& schema, std::string_view keyword,
                      std::string_view name = {});
  BlockId block_of_reference(Subject& subject, std::string_view keyword, const Result<Target>& target,
                             std::string_view reference);
  std::vector<BlockId> child_blocks(const Subject& subject, const Json& list, std::string_view keyword);
  std::vector<Branch> branches(const Subject& subject, const Json& list, std::string_view keyword);
  std::optional<std::size_t> count_of(const Subject& subject, const Json& value, std::string_view keyword);
  std::optional<Pattern> pattern_of(const Subject& subject, const Json& value, std::string_view keyword);
  std::vector<std::string> texts_of(const Subject& subject, const Json& value, std::string_view keyword);
  const JsonObject* object_of(const Subject& subject, const Json& value, std::string_view keyword);
  void emit(Step step) { program_.steps.push_back(std::move(step)); }

  void type(Subject&, const Json&);
  void enumeration(Subject&, const Json&);
  void constant(Subject&, const Json&);
  template <Bound::Side side>
  void bound(Subject&, const Json&);
  void bound_of(Subject&, const Json&, Bound::Side side);
  void multiple_of(Subject&, const Json&);
  template <Count::Of of, Count::Side side>
  void count(Subject&, const Json&);
  void pattern(Subject&, const Json&);
  void format(Subject&, const Json&);
  void unique_items(Subject&, const Json&);
  void prefix_items(Subject&, const Json&);
  void items(Subject&, const Json&);
  void contains(Subject&, const Json&);
  void required(Subject&, const Json&);
  void members(Subject&);
  void any_members(Subject&, const Json&);
  void property_names(Subject&, const Json&);
  void dependent_required(Subject&, const Json&);
  void dependent_schemas(Subject&, const Json&);
  void dependencies(Subject&, const Json&);
  void all_of(Subject&, const Json&);
  void any_of(Subject&, const Json&);
  void one_of(Subject&, const Json&);
  void negation(Subject&, const Json&);
  void condition(Subject&, const Json&);
  void reference(Subject&, const Json&);
  void dynamic_reference(Subject&, const Json&);
  void recursive_reference(Subject&, const Json&);
  void poly_reference(Subject&, const Json&);
  void unevaluated_items(Subject&, const Json&);
  void unevaluated_properties(Subject&, const Json&);

  Documents documents_;
  const SchemaOptions& options_;
  Program program_;
  std::map<const Json*, BlockId> block_by_schema_;
  std::deque<Waiting> waiting_;
  std::map<std::string, AnchorId, std::less<>> anchors_;
  std::set<ResourceId> resources_seen_;
  std::optional<Error> error_;
};

// In the order in which their steps run: cheap refusals first, unevaluated… last because they ask what ran
// before.
const std::vector<Compiler::Keyword>& Compiler::keywords() {
  using Of = Count::Of;
  using Side = Count::Side;
  static const std::vector<Keyword> all{
      {"type", &Compiler::type},
      {"const", &Compiler::constant},
      {"enum", &Compiler::enumeration},
      {"minimum", &Compiler::bound<Bound::Side::at_least>},
      {"maximum", &Compiler::bound<Bound::Side::at_most>},
      {"exclusiveMinimum", &Compiler::bound<Bound::Side::above>},
      {"exclusiveMaximum", &Compiler::bound<Bound::Side::below>},
      {"multipleOf", &Compiler::multiple_of},
      {"minLength", &Compiler::count<Of::characters, Side::at_least>},
      {"maxLength", &Compiler::count<Of::characters, Side::at_most>},
      {"pattern", &Compiler::pattern},
      {"format", &Compiler::format},
      {"minItems", &Compiler::count<Of::items, Side::at_least>},
      {"maxItems", &Compiler::count<Of::items, Side::at_most>},
      {"minProperties", &Compiler::count<Of::members, Side::at_least>},
      {"maxProperties", &Compiler::count<Of::members, Side::at_most>},
      {"required", &Compiler::required},
      {"dependentRequired", &Compiler::dependent_required},
      {"dependencies", &Compiler::dependencies},
      {"$ref", &Compiler::reference},
      {"$dynamicRef", &Compiler::dynamic_reference},
      {"$recursiveRef", &Compiler::recursive_reference},
      {"x-poly-ref", &Compiler::poly_reference},
      {"properties", &Compiler::any_members},
      {"patternProperties", &Compiler::any_members},
      {"additionalProperties", &Compiler::any_members},
      {"propertyNames", &Compiler::property_names},
      {"dependentSchemas", &Compiler::dependent_schemas},
      {"prefixItems", &Compiler::prefix_items},
      {"items", &Compiler::items},
      {"contains", &Compiler::contains},
      {"uniqueItems", &Compiler::unique_items},
      {"allOf", &Compiler::all_of},
      {"anyOf", &Compiler::any_of},
      {"oneOf", &Compiler::one_of},
      {"not", &Compiler::negation},
      {"if", &Compiler::condition},
      {"unevaluatedItems", &Compiler::unevaluated_items},
      {"unevaluatedProperties", &Compiler::unevaluated_properties},
  };
  return all;
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
  Subject subject{object ? *object : no_keywords, waiting.location.resource, waiting.place, first_step};
  resources_seen_.insert(subject.resource);
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

void Compiler::type(Subject& subject, const Json& value) {
  Kinds kinds = 0;
  const auto add = [&](const Json& word) {
    const auto named = word.is_string() ? kinds_named(word.get_string()) : std::nullopt;
    if (!named) refuse(subject, "type", to_text(word) + " is no type of JSON");
    kinds |= named.value_or(0);
  };
  if (const auto* list = value.if_array()) {
    for (const auto& word : *list) add(word);
  } else {
    add(value);
  }
  emit(TypeIs{kinds});
}

void Compiler::enumeration(Subject& subject, const Json& value) {
  const auto* values = value.if_array();
  if (!values) return refuse(subject, "enum", "must be a list of values");
  emit(IsOneOf{{values->begin(), values->end()}});
}

void Compiler::constant(Subject&, const Json& value) {
  emit(IsOneOf{{value}});
}

template <Bound::Side side>
void Compiler::bound(Subject& subject, const Json& value) {
  bound_of(subject, value, side);
}

// In draft-04 and OpenAPI 3.0 the exclusive ones are booleans that sharpen their neighbour.
void Compiler::bound_of(Subject& subject, const Json& value, Bound::Side side) {
  const bool is_exclusive = side == Bound::Side::above || side == Bound::Side::below;
  const bool is_lower = side == Bound::Side::at_least || side == Bound::Side::above;
  const std::string_view keyword = is_exclusive ? (is_lower ? "exclusiveMinimum" : "exclusiveMaximum")
                                                : (is_lower ? "minimum" : "maximum");
  if (is_exclusive && value.is_bool()) return;
  if (!value.is_number()) return refuse(subject, keyword, "must be a number");
  if (!is_exclusive) {
    const auto* sharper = subject.keywords.if_contains(is_lower ? "exclusiveMinimum" : "exclusiveMaximum");
    if (sharper && sharper->is_bool() && sharper->get_bool())
      side = is_lower ? Bound::Side::above : Bound::Side::below;
  }
  emit(Bound{side, value});
}

void Compiler::multiple_of(Subject& subject, const Json& value) {
  if (!value.is_number() || compare_numbers(value, Json(0)) <= 0) {
    return refuse(subject, "multipleOf", "must be a number above zero");
  }
  emit(MultipleOf{value});
}

template <Count::Of of, Count::Side side>
void Compiler::count(Subject& subject, const Json& value) {
  const bool is_lower = side == Count::Side::at_least;
  std::string keyword = is_lower ? "min" : "max";
  keyword += of == Count::Of::characters ? "Length" : (of == Count::Of::items ? "Items" : "Properties");
  if (const auto limit = count_of(subject, value, keyword)) emit(Count{of, side, *limit});
}

void Compiler::pattern(Subject& subject, const Json& value) {
  if (auto pattern = pattern_of(subject, value, "pattern")) emit(MatchesPattern{std::move(*pattern)});
}

void Compiler::format(Subject& subject, const Json& value) {
  const auto* name = value.if_string();
  if (!name) return refuse(subject, "format", "must be a string");
  if (options_.formats == SchemaOptions::Formats::annotate) return;
  if (const auto check = format_check(*name)) emit(HasFormat{std::string(*name), check});
}

void Compiler::unique_items(Subject& subject, const Json& value) {
  if (!value.is_bool()) return refuse(subject, "uniqueItems", "must be a boolean");
  if (value.get_bool()) emit(UniqueItems{});
}

void Compiler::prefix_items(Subject& subject, const Json& value) {
  Items step;
  step.first = child_blocks(subject, value, "prefixItems");
  const auto* rest = subject.keywords.if_contains("items");
  if (rest && !rest->is_array()) step.rest = child_block(subject, *rest, "items");
  emit(std::move(step));
}

void Compiler::items(Subject& subject, const Json& value) {
  if (subject.keywords.contains("prefixItems")) {
    if (value.is_array()) refuse(subject, "items", "must be a schema beside prefixItems");
    return;
  }
  Items step;
  if (const auto* list = value.if_array()) {
    if (!list->empty()) step.first = child_blocks(subject, value, "items");
    const auto* rest = subject.keywords.if_contains("additionalItems");
    if (rest) step.rest = child_block(subject, *rest, "additionalItems");
  } else {
    step.rest = child_block(subject, value, "items");
  }
  emit(std::move(step));
}

void Compiler::contains(Subject& subject, const Json& value) {
  Contains step{.block = child_block(subject, value, "contains")};
  if (const auto* least = subject.keywords.if_contains("minContains")) {
    step.at_least = count_of(subject, *least, "minContains").value_or(0);
  }
  if (const auto* most = subject.keywords.if_contains("maxContains")) {
    step.at_most = count_of(subject, *most, "maxContains").value_or(0);
  }
  emit(step);
}

void Compiler::required(Subject& subject, const Json& value) {
  if (value.is_bool())
    return;  // draft-03, and many OpenAPI documents, say it at the property: no constraint here
  auto keys = texts_of(subject, value, "required");
  if (!keys.empty()) emit(Required{std::move(keys)});
}

// One step serves three keywords; the first that is there makes it.
void Compiler::any_members(Subject& subject, const Json& value) {
  for (const std::string_view keyword : {"properties", "patternProperties", "additionalProperties"}) {
    const auto* first = subject.keywords.if_contains(keyword);
    if (!first) continue;
    if (first == &value) members(subject);
    return;
  }
}

void Compiler::members(Subject& subject) {
  Members step;
  if (const auto* properties = subject.keywords.if_contains("properties")) {
    const auto* named = object_of(subject, *properties, "properties");
    if (!named) return;
    for (const auto& [key, schema] : *named) {
      step.properties.push_back({std::string(key), child_block(subject, schema, "properties", key)});
    }
    std::ranges::sort(step.properties, {}, &Members::Property::key);
  }
  if (const auto* patterns = subject.keywords.if_contains("patternProperties")) {
    const auto* named = object_of(subject, *patterns, "patternProperties");
    if (!named) return;
    for (const auto& [key, schema] : *named) {
      auto pattern = pattern_of(subject, Json(key), "patternProperties");
      if (pattern)
        step.patterns.push_back(
            {std::move(*pattern), child_block(subject, schema, "patternProperties", key)});
    }
  }
  if (const auto* rest = subject.keywords.if_contains("additionalProperties")) {
    step.rest = child_block(subject, *rest, "additionalProperties");
    step.rest_is_refused = rest->is_bool() && !rest->get_bool();
  }
  emit(std::move(step));
}

void Compiler::property_names(Subject& subject, const Json& value) {
  emit(MemberNames{child_block(subject, value, "propertyNames")});
}

void Compiler::dependent_required(Subject& subject, const Json& value) {
  const auto* named = object_of(subject, value, "dependentRequired");
  if (!named) return;
  for (const auto& [key, needed] : *named) {
    emit(DependentRequired{std::string(key), texts_of(subject, needed, "dependentRequired")});
  }
}

void Compiler::dependent_schemas(Subject& subject, const Json& value) {
  const auto* named = object_of(subject, value, "dependentSchemas");
  if (!named) return;
  for (const auto& [key, schema] : *named) {
    emit(DependentSchema{std::string(key), child_block(subject, schema, "dependentSchemas", key)});
  }
}

// Until draft-07 one keyword for both of the above; draft-03 allowed a single string.
void Compiler::dependencies(Subject& subject, const Json& value) {
  const auto* named = object_of(subject, value, "dependencies");
  if (!named) return;
  for (const auto& [key, dependency] : *named) {
    if (dependency.is_array()) {
      emit(DependentRequired{std::string(key), texts_of(subject, dependency, "dependencies")});
    } else if (dependency.is_string()) {
      emit(DependentRequired{std::string(key), {std::string(dependency.get_string())}});
    } else {
      emit(DependentSchema{std::string(key), child_block(subject, dependency, "dependencies", key)});
    }
  }
}

void Compiler::all_of(Subject& subject, const Json& value) {
  emit(AllOf{child_blocks(subject, value, "allOf")});
}
void Compiler::any_of(Subject& subject, const Json& value) {
  emit(AnyOf{branches(subject, value, "anyOf")});
}
void Compiler::one_of(Subject& subject, const Json& value) {
  emit(OneOf{branches(subject, value, "oneOf")});
}
void Compiler::negation(Subject& subject, const Json& value) {
  emit(Not{child_block(subject, value, "not")});
}

void Compiler::condition(Subject& subject, const Json& value) {
  IfThenElse step{.condition = child_block(subject, value, "if")};
  if (const auto* then_schema = subject.keywords.if_contains("then")) {
    step.then_block = child_block(subject, *then_schema, "then");
  }
  if (const auto* else_schema = subject.keywords.if_contains("else")) {
    step.else_block = child_block(subject, *else_schema, "else");
  }
  emit(step);
}

BlockId Compiler::block_of_reference(Subject& subject, std::string_view keyword, const Result<Target>& target,
                                     std::string_view reference) {
  if (target) return block_for(target->location, std::string(reference));
  const bool is_ignored = target.error().kind == ErrorKind::not_found &&
                          options_.missing_references == SchemaOptions::MissingReferences::fit_anything;
  if (!is_ignored) refuse(subject, keyword, target.error().message);
  return no_block;
}

void Compiler::reference(Subject& subject, const Json& value) {
  const auto* text = value.if_string();
  if (!text) return refuse(subject, "$ref", "must be a string");
  const auto target = documents_.resolve(subject.resource, *text);
  const auto block = block_of_reference(subject, "$ref", target, *text);
  if (block != no_block) emit(Jump{block});
}

void Compiler::dynamic_reference(Subject& subject, const Json& value) {
  const auto* text = value.if_string();
  if (!text) return refuse(subject, "$dynamicRef", "must be a string");
  const auto target = documents_.resolve(subject.resource, *text);
  const auto block = block_of_reference(subject, "$dynamicRef", target, *text);
  if (block == no_block) return;
  if (target->dynamic_anchor.empty()) return emit(Jump{block});
  const auto next = static_cast<AnchorId>(anchors_.size());
  const auto anchor = anchors_.emplace(target->dynamic_anchor, next).first->second;
  emit(DynamicJump{anchor, block});
}

void Compiler::recursive_reference(Subject& subject, const Json&) {
  refuse(subject, "$recursiveRef", "is of draft 2019-09 only and not supported; write $dynamicRef",
         ErrorKind::unsupported);
}

void Compiler::poly_reference(Subject& subject, const Json& value) {
  const auto* object = object_of(subject, value, "x-poly-ref");
  if (!object) return;
  const auto path = text_of(*object, "path");
  if (path.empty()) return refuse(subject, "x-poly-ref", "needs a path such as crm.Contact");
  const auto target = documents_.resolve_poly_path(path, text_of(*object, "publicNamespace"));
  const auto block = block_of_reference(subject, "x-poly-ref", target, path);
  if (block != no_block) emit(Jump{block});
}

void Compiler::unevaluated_items(Subject& subject, const Json& value) {
  subject.tracks_evaluated = true;
  emit(UnevaluatedItems{child_block(subject, value, "unevaluatedItems")});
}

void Compiler::unevaluated_properties(Subject& subject, const Json& value) {
  subject.tracks_evaluated = true;
  emit(UnevaluatedMembers{child_block(subject, value, "unevaluatedProperties")});
}

}  // namespace
}  // namespace json_schema

Result<CompiledSchema> CompiledSchema::compile(const Json& schema, const SchemaResolver* resolver,
                                               const SchemaOptions& options) {
  json_schema::Compiler compiler(resolver, options);
  auto program = compiler.run(schema);
  if (!program) return std::unexpected(std::move(program).error());
  return CompiledSchema(std::move(*program));
}

}  // namespace poly::spec
