#include "spec/schema_changes.hpp"

#include <algorithm>
#include <set>

#include "spec/json_schema_value.hpp"

namespace poly::spec {
namespace {

using json_schema::same_value;

const JsonObject nothing_known;

const JsonObject& object_of(const Json* value) {
  const auto* object = value ? value->if_object() : nullptr;
  return object ? *object : nothing_known;
}

std::set<std::string> names_in(const Json* list) {
  std::set<std::string> names;
  const auto* array = list ? list->if_array() : nullptr;
  if (!array) return names;
  for (const auto& name : *array) {
    if (name.is_string()) names.emplace(name.get_string());
  }
  return names;
}

// The words of `type`, or of the schema that is referred to; "any" when it says nothing.
std::set<std::string> kinds_of(const JsonObject& schema) {
  if (const auto* reference = schema.if_contains("x-poly-ref"); reference && reference->is_object())
    return {std::string(text_of(reference->get_object(), "path"))};
  const auto* type = schema.if_contains("type");
  if (type && type->is_string()) return {std::string(type->get_string())};
  auto kinds = names_in(type);
  if (kinds.empty()) kinds.insert("any");
  return kinds;
}

std::string words_of(const std::set<std::string>& kinds) {
  std::string words;
  for (const auto& kind : kinds) words.append(words.empty() ? "" : " or ").append(kind);
  return words;
}

// Whether every value of `narrow` is one of `wide`, as far as their kinds tell.
bool holds(const std::set<std::string>& wide, const std::set<std::string>& narrow) {
  if (wide.contains("any")) return true;
  return std::ranges::all_of(narrow, [&wide](const std::string& kind) {
    return wide.contains(kind) || (kind == "integer" && wide.contains("number"));
  });
}

class Comparison {
 public:
  explicit Comparison(Direction direction) : direction_(direction) {}

  std::vector<SchemaChange> run(const Json& before, const Json& after, std::string_view root) && {
    compare(before, after, std::string(root));
    if (changes_.empty() && !same_value(without_notes(before), without_notes(after)))
      changes_.push_back({std::string(root) + ": its schema changed", false});
    if (changes_.size() > schema_changes_max) {
      const auto more = changes_.size() - schema_changes_max;
      const bool breaks = std::any_of(changes_.begin() + schema_changes_max, changes_.end(),
                                      [](const SchemaChange& change) { return change.breaking; });
      changes_.resize(schema_changes_max);
      changes_.push_back({std::string(root) + ": " + std::to_string(more) + " more changes", breaks});
    }
    return std::move(changes_);
  }

 private:
  void compare(const Json& before_value, const Json& after_value, const std::string& place) {
    const auto& before = object_of(&before_value);
    const auto& after = object_of(&after_value);
    const auto was = kinds_of(before);
    const auto is = kinds_of(after);
    if (was != is) {
      const bool fits = direction_ == Direction::given ? holds(was, is) : holds(is, was);
      changes_.push_back({place + ": now " + words_of(is) + ", was " + words_of(was), !fits});
      return;
    }
    compare_properties(before, after, place);
    compare_inner(before, after, "items", place + "[]");
    compare_inner(before, after, "additionalProperties", place + ".*");
    compare_choice(before, after, place);
  }

  void compare_properties(const JsonObject& before, const JsonObject& after, const std::string& place) {
    const auto& old_ones = object_of(before.if_contains("properties"));
    const auto& new_ones = object_of(after.if_contains("properties"));
    const auto was_required = names_in(before.if_contains("required"));
    const auto is_required = names_in(after.if_contains("required"));
    const bool is_given = direction_ == Direction::given;
    for (const auto& [key, schema] : old_ones) {
      const std::string name(key);
      const auto* now = new_ones.if_contains(key);
      if (!now) {
        changes_.push_back({place + "." + name + ": went away", is_given});
        continue;
      }
      compare(schema, *now, place + "." + name);
      if (was_required.contains(name) && !is_required.contains(name))
        changes_.push_back({place + "." + name + ": now optional", is_given});
      if (!was_required.contains(name) && is_required.contains(name))
        changes_.push_back({place + "." + name + ": now required", !is_given});
    }
    for (const auto& [key, schema] : new_ones) {
      if (old_ones.contains(key)) continue;
      const std::string name(key);
      const bool needed = is_required.contains(name);
      changes_.push_back(
          {place + "." + name + ": new" + (needed && !is_given ? ", required" : ""), needed && !is_given});
    }
  }

  void compare_inner(const JsonObject& before, const JsonObject& after, std::string_view key,
                     const std::string& place) {
    const auto* was = before.if_contains(key);
    const auto* is = after.if_contains(key);
    if (was && is && was->is_object() && is->is_object()) compare(*was, *is, place);
  }

  void compare_choice(const JsonObject& before, const JsonObject& after, const std::string& place) {
    const auto was = names_in(before.if_contains("enum"));
    const auto is = names_in(after.if_contains("enum"));
    if (was.empty() || is.empty()) return;
    for (const auto& word : was) {
      if (!is.contains(word))
        changes_.push_back({place + ": '" + word + "' is no value any more", direction_ == Direction::taken});
    }
    for (const auto& word : is) {
      if (!was.contains(word)) changes_.push_back({place + ": '" + word + "' is a new value", false});
    }
  }

  // What no code can notice.
  static Json without_notes(const Json& schema) {
    if (const auto* array = schema.if_array()) {
      JsonArray out;
      for (const auto& entry : *array) out.push_back(without_notes(entry));
      return out;
    }
    const auto* object = schema.if_object();
    if (!object) return schema;
    JsonObject out;
    for (const auto& [key, member] : *object) {
      const bool is_note = key == "description" || key == "title" || key == "x-poly-inferred";
      if (!is_note || !member.is_string()) out[key] = without_notes(member);
    }
    return out;
  }

  Direction direction_;
  std::vector<SchemaChange> changes_;
};

}  // namespace

std::vector<SchemaChange> schema_changes(const Json& before, const Json& after, Direction direction,
                                         std::string_view root) {
  return Comparison(direction).run(before, after, root);
}

}  // namespace poly::spec
