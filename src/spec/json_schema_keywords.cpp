// What each keyword of JSON Schema becomes in a program.
#include <algorithm>
#include <string>

#include "spec/json_schema_compiler.hpp"

namespace poly::spec::json_schema {

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

}  // namespace poly::spec::json_schema
