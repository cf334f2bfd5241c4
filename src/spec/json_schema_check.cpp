#include "spec/json_schema_check.hpp"

#include <algorithm>
#include <utility>

#include "spec/json_schema.hpp"

namespace poly::spec {
namespace json_schema {
namespace {

// Of the nearest alternative, so many reasons are told.
constexpr std::size_t reasons_shown_max = 3;

}  // namespace

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
  const auto shown = std::min(reasons.size(), reasons_shown_max);
  for (std::size_t i = 0; i < shown; ++i) reason.append(i == 0 ? ": " : "; ").append(reasons[i]);
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
