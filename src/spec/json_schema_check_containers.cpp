// The steps that look into arrays and objects.
#include <algorithm>

#include "spec/json_schema_check.hpp"

namespace poly::spec::json_schema {

bool Checker::item(BlockId block, const JsonArray& array, std::size_t index) {
  if (!report_) return enter(block, array[index], nullptr);
  const auto mark = report_->push_item(index);
  const bool fits = enter(block, array[index], nullptr);
  report_->pop(mark);
  return fits;
}

bool Checker::step(const Items& step, const Value& value) {
  if (value.kind != kind_array) return true;
  const auto& array = value.json.get_array();
  const auto end = step.rest == no_block ? std::min(array.size(), step.first.size()) : array.size();
  bool fits = true;
  for (std::size_t i = 0; i < end; ++i) {
    const auto block = i < step.first.size() ? step.first[i] : step.rest;
    if (!item(block, array, i)) {
      if (!report_) return false;
      fits = false;
    }
    if (value.evaluated) value.evaluated->mark(i);
  }
  return fits;
}

bool Checker::step(const Contains& step, const Value& value) {
  if (value.kind != kind_array) return true;
  const auto& array = value.json.get_array();
  std::size_t found = 0;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (!quietly(step.block, array[i], nullptr)) continue;
    ++found;
    if (value.evaluated) value.evaluated->mark(i);
  }
  if (found >= step.at_least && found <= step.at_most) return true;
  if (!report_) return false;
  const bool is_short = found < step.at_least;
  const auto limit = is_short ? step.at_least : step.at_most;
  return misfit("must contain " + std::string(is_short ? "at least " : "at most ") + std::to_string(limit) +
                " fitting item(s), contains " + std::to_string(found));
}

bool Checker::step(const UniqueItems&, const Value& value) {
  if (value.kind != kind_array) return true;
  const auto equal = equal_items(value.json.get_array());
  if (!equal) return true;
  if (!report_) return false;
  return misfit("items " + std::to_string(equal->first) + " and " + std::to_string(equal->second) +
                " are equal");
}

bool Checker::has_all(const std::vector<std::string>& keys, const JsonObject& object,
                      std::string_view reason) {
  bool fits = true;
  for (const auto& key : keys) {
    if (object.if_contains(key)) continue;
    if (!report_) return false;
    const auto mark = report_->push_member(key);
    fits = misfit(reason);
    report_->pop(mark);
  }
  return fits;
}

bool Checker::step(const Required& step, const Value& value) {
  return value.kind != kind_object || has_all(step.keys, value.json.get_object(), "is missing");
}

bool Checker::step(const DependentRequired& step, const Value& value) {
  if (value.kind != kind_object || !value.json.get_object().if_contains(step.key)) return true;
  return has_all(step.needed, value.json.get_object(),
                 report_ ? "is missing, and needed beside " + step.key : std::string());
}

bool Checker::step(const DependentSchema& step, const Value& value) {
  if (value.kind != kind_object || !value.json.get_object().if_contains(step.key)) return true;
  return enter(step.block, value.json, value.evaluated);
}

bool Checker::member(const Members& step, std::string_view key, const Json& json, bool& is_known) {
  bool fits = true;
  const auto property = std::ranges::lower_bound(step.properties, key, {}, &Members::Property::key);
  if (property != step.properties.end() && property->key == key) {
    is_known = true;
    fits = enter(property->block, json, nullptr);
  }
  for (const auto& pattern : step.patterns) {
    if (!fits && !report_) return false;
    if (!pattern.pattern.found_in(key)) continue;
    is_known = true;
    fits = enter(pattern.block, json, nullptr) && fits;
  }
  if (is_known || step.rest == no_block) return fits;
  is_known = true;
  if (step.rest_is_refused) return misfit(report_ ? describe_unknown(step) : "");
  return enter(step.rest, json, nullptr);
}

bool Checker::step(const Members& step, const Value& value) {
  if (value.kind != kind_object) return true;
  bool fits = true;
  std::size_t position = 0;
  for (const auto& [key, json] : value.json.get_object()) {
    const auto mark = report_ ? report_->push_member(key) : 0;
    bool is_known = false;
    fits = member(step, key, json, is_known) && fits;
    if (report_) report_->pop(mark);
    if (!fits && !report_) return false;
    if (is_known && value.evaluated) value.evaluated->mark(position);
    ++position;
  }
  return fits;
}

bool Checker::step(const MemberNames& step, const Value& value) {
  if (value.kind != kind_object) return true;
  bool fits = true;
  for (const auto& [key, json] : value.json.get_object()) {
    const auto mark = report_ ? report_->push_name(key) : 0;
    const Json name(key);
    fits = enter(step.block, name, nullptr) && fits;
    if (report_) report_->pop(mark);
    if (!fits && !report_) return false;
  }
  return fits;
}

bool Checker::step(const UnevaluatedItems& step, const Value& value) {
  if (value.kind != kind_array) return true;
  const auto& array = value.json.get_array();
  bool fits = true;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (value.evaluated->has(i)) continue;
    fits = item(step.block, array, i) && fits;
    if (!fits && !report_) return false;
  }
  value.evaluated->mark_all();
  return fits;
}

bool Checker::step(const UnevaluatedMembers& step, const Value& value) {
  if (value.kind != kind_object) return true;
  bool fits = true;
  std::size_t position = 0;
  for (const auto& [key, json] : value.json.get_object()) {
    if (value.evaluated->has(position++)) continue;
    const auto mark = report_ ? report_->push_member(key) : 0;
    fits = enter(step.block, json, nullptr) && fits;
    if (report_) report_->pop(mark);
    if (!fits && !report_) return false;
  }
  value.evaluated->mark_all();
  return fits;
}

}  // namespace poly::spec::json_schema
