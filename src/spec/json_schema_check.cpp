#include "spec/json_schema_check.hpp"

#include <algorithm>
#include <utility>

#include "spec/json_schema.hpp"

namespace poly::spec {
namespace json_schema {

bool Pattern::found_in(std::string_view text) const {
  return expression->Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

Evaluated::Evaluated(const Json& value) {
  if (const auto* object = value.if_object()) marks_.resize(object->size());
  if (const auto* array = value.if_array()) marks_.resize(array->size());
}

void Evaluated::add(const Evaluated& other) {
  for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i] = marks_[i] || other.marks_[i];
}

bool Checker::run(const Json& value) {
  const bool fits = enter(0, value, nullptr);
  if (!is_overrun()) return fits;
  misfit("takes too much work to check");
  return false;
}

bool Checker::is_overrun() {
  return entered_ > blocks_entered_max;
}

bool Checker::enter(BlockId id, const Json& json, Evaluated* evaluated) {
  const Block& block = program_.blocks[id];
  if (block.null_fits && json.is_null()) return true;
  if (nested_ >= blocks_nested_max) entered_ = blocks_entered_max;
  if (++entered_ > blocks_entered_max) return false;

  ++nested_;
  const Scope here{block.resource, scope_};
  const auto* const outer = scope_;
  if (!outer || outer->resource != block.resource) scope_ = &here;
  bool fits = false;
  if (block.tracks_evaluated) {
    Evaluated own(json);
    fits = run_steps(block, json, &own);
    if (fits && evaluated) evaluated->add(own);
  } else {
    fits = run_steps(block, json, evaluated);
  }
  scope_ = outer;
  --nested_;
  return fits;
}

bool Checker::run_steps(const Block& block, const Json& json, Evaluated* evaluated) {
  const Value value{json, kind_of(json), evaluated};
  bool fits = true;
  for (auto i = block.first_step; i < block.steps_end; ++i) {
    if (std::visit([&](const auto& it) { return step(it, value); }, program_.steps[i])) continue;
    if (!report_) return false;
    fits = false;
  }
  return fits;
}

// For the verdict alone, also while a report is written.
bool Checker::quietly(BlockId id, const Json& json, Evaluated* evaluated) {
  auto* const report = std::exchange(report_, nullptr);
  const bool fits = enter(id, json, evaluated);
  report_ = report;
  return fits;
}

bool Checker::misfit(std::string_view reason) {
  if (report_) report_->add(reason, Report::Weight::detail);
  return false;
}

bool Checker::step(const Nothing&, const Value&) {
  if (report_) report_->add("is not allowed", Report::Weight::whole_value);
  return false;
}

bool Checker::step(const TypeIs& step, const Value& value) {
  if ((value.kind & step.kinds) != 0) return true;
  if (report_) report_->add(describe(step, value.json), Report::Weight::whole_value);
  return false;
}

bool Checker::step(const IsOneOf& step, const Value& value) {
  const auto is_same = [&](const Json& allowed) { return same_value(allowed, value.json); };
  if (std::ranges::any_of(step.values, is_same)) return true;
  if (report_) report_->add(describe(step), Report::Weight::tag);
  return false;
}

bool Checker::step(const Bound& step, const Value& value) {
  if ((value.kind & kind_number) == 0) return true;
  const int order = compare_numbers(value.json, step.limit);
  const bool fits = step.side == Bound::Side::at_least  ? order >= 0
                    : step.side == Bound::Side::above   ? order > 0
                    : step.side == Bound::Side::at_most ? order <= 0
                                                        : order < 0;
  return fits || misfit(report_ ? describe(step) : "");
}

bool Checker::step(const MultipleOf& step, const Value& value) {
  if ((value.kind & kind_number) == 0 || is_multiple_of(value.json, step.divisor)) return true;
  return misfit(report_ ? describe(step) : "");
}

bool Checker::step(const Count& step, const Value& value) {
  std::size_t got = 0;
  switch (step.of) {
    case Count::Of::characters:
      if (value.kind != kind_string) return true;
      got = characters_in(value.json.get_string());
      break;
    case Count::Of::items:
      if (value.kind != kind_array) return true;
      got = value.json.get_array().size();
      break;
    case Count::Of::members:
      if (value.kind != kind_object) return true;
      got = value.json.get_object().size();
      break;
  }
  const bool fits = step.side == Count::Side::at_least ? got >= step.limit : got <= step.limit;
  return fits || misfit(report_ ? describe(step, got) : "");
}

bool Checker::step(const MatchesPattern& step, const Value& value) {
  if (value.kind != kind_string || step.pattern.found_in(value.json.get_string())) return true;
  return misfit(report_ ? "does not match the pattern " + step.pattern.ecma : "");
}

bool Checker::step(const HasFormat& step, const Value& value) {
  if (value.kind != kind_string || step.check(value.json.get_string())) return true;
  return misfit(report_ ? "does not have the format " + step.name : "");
}

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

bool Checker::step(const AllOf& step, const Value& value) {
  bool fits = true;
  for (const auto block : step.blocks) {
    if (enter(block, value.json, value.evaluated)) continue;
    if (!report_) return false;
    fits = false;
  }
  return fits;
}

bool Checker::step(const AnyOf& step, const Value& value) {
  bool fits = false;
  for (const auto& branch : step.branches) {
    if (!value.evaluated) {
      if (quietly(branch.block, value.json, nullptr)) return true;
      continue;
    }
    Evaluated seen(value.json);
    if (!quietly(branch.block, value.json, &seen)) continue;
    value.evaluated->add(seen);
    fits = true;
  }
  return fits || nothing_fits(value, "anyOf", step.branches);
}

bool Checker::step(const OneOf& step, const Value& value) {
  std::size_t fitting = step.branches.size();
  for (std::size_t i = 0; i < step.branches.size(); ++i) {
    Evaluated seen(value.evaluated ? value.json : Json());
    if (!quietly(step.branches[i].block, value.json, value.evaluated ? &seen : nullptr)) continue;
    if (fitting < step.branches.size()) {
      return misfit(report_ ? "fits the alternatives " + describe_branch(step.branches, fitting) + " and " +
                                  describe_branch(step.branches, i) + " of oneOf, and must fit only one"
                            : "");
    }
    fitting = i;
    if (value.evaluated) value.evaluated->add(seen);
  }
  return fitting < step.branches.size() || nothing_fits(value, "oneOf", step.branches);
}

// Says which branch came nearest, and what it misses.
bool Checker::nothing_fits(const Value& value, std::string_view keyword,
                           const std::vector<Branch>& branches) {
  if (!report_) return false;
  auto* const report = report_;
  std::size_t nearest = 0;
  std::size_t nearest_distance = unlimited;
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    Report attempt(report->path(), report->limit());
    report_ = &attempt;
    enter(branches[i].block, value.json, nullptr);
    if (attempt.distance() >= nearest_distance) continue;
    nearest = i;
    nearest_distance = attempt.distance();
    reasons = attempt.take();
  }
  report_ = report;
  if (branches.size() == 1) {
    for (const auto& reason : reasons) report_->add_line(reason);
    return false;
  }
  std::string reason = "fits none of the " + std::to_string(branches.size()) + " alternatives of " +
                       std::string(keyword) + "; nearest is " + describe_branch(branches, nearest);
  for (std::size_t i = 0; i < reasons.size(); ++i) reason.append(i == 0 ? ": " : "; ").append(reasons[i]);
  return misfit(reason);
}

bool Checker::step(const Not& step, const Value& value) {
  if (!quietly(step.block, value.json, nullptr)) return true;
  return misfit("fits the schema that it must not fit");
}

bool Checker::step(const IfThenElse& step, const Value& value) {
  bool is_met = false;
  if (value.evaluated) {
    Evaluated seen(value.json);
    is_met = quietly(step.condition, value.json, &seen);
    if (is_met) value.evaluated->add(seen);
  } else {
    is_met = quietly(step.condition, value.json, nullptr);
  }
  const auto block = is_met ? step.then_block : step.else_block;
  return block == no_block || enter(block, value.json, value.evaluated);
}

bool Checker::step(const Jump& step, const Value& value) {
  return enter(step.block, value.json, value.evaluated);
}

bool Checker::step(const DynamicJump& step, const Value& value) {
  auto block = step.otherwise;
  for (const auto* scope = scope_; scope; scope = scope->outer) {
    const auto target = program_.dynamic_anchors.find({scope->resource, step.anchor});
    if (target != program_.dynamic_anchors.end()) block = target->second;
  }
  return enter(block, value.json, value.evaluated);
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

}  // namespace json_schema

bool CompiledSchema::fits(const Json& value) const {
  json_schema::Checker checker(*program_, nullptr);
  return checker.run(value);
}

bool CompiledSchema::check(const Json& value, std::string_view root_path, std::vector<std::string>& problems,
                           std::size_t limit) const {
  if (fits(value)) return true;
  json_schema::Report report(root_path, limit);
  json_schema::Checker checker(*program_, &report);
  checker.run(value);
  for (auto& line : report.take()) problems.push_back(std::move(line));
  return false;
}

}  // namespace poly::spec
