// Runs a program over a value: once quickly for the verdict, and again with a Report when somebody wants the
// reasons.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "spec/json_schema_program.hpp"
#include "spec/json_schema_report.hpp"

namespace poly::spec::json_schema {

// Blocks inside blocks. A value of json_depth_max with a few references at each level stays below it.
inline constexpr std::size_t blocks_nested_max = 5 * json_depth_max;
// Blocks entered in one check: the end of schemas made to double the work at every level.
inline constexpr std::size_t blocks_entered_max = 20'000'000;

// Which members or items of one value some keyword looked at, for the unevaluated… keywords.
class Evaluated final {
 public:
  explicit Evaluated(const Json& value);
  void mark(std::size_t position) { marks_[position] = true; }
  void mark_all() { marks_.assign(marks_.size(), true); }
  bool has(std::size_t position) const { return marks_[position]; }
  void add(const Evaluated& other);

 private:
  std::vector<bool> marks_;
};

class Checker final {
 public:
  // Without a report the first misfit ends the work.
  Checker(const Program& program, Report* report) : program_(program), report_(report) {}
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  bool run(const Json& value);

 private:
  // Resources entered on the way here, innermost first.
  struct Scope {
    ResourceId resource;
    const Scope* outer;
  };
  struct Value {
    const Json& json;
    Kinds kind;
    Evaluated* evaluated;  // null when nobody asks
  };

  bool enter(BlockId id, const Json& json, Evaluated* evaluated);
  bool run_steps(const Block& block, const Json& json, Evaluated* evaluated);
  bool quietly(BlockId id, const Json& json, Evaluated* evaluated);
  bool is_overrun();
  bool misfit(std::string_view reason);
  bool nothing_fits(const Value& value, std::string_view keyword, const std::vector<Branch>& branches);

  bool step(const Nothing& step, const Value& value);
  bool step(const TypeIs& step, const Value& value);
  bool step(const IsOneOf& step, const Value& value);
  bool step(const Bound& step, const Value& value);
  bool step(const MultipleOf& step, const Value& value);
  bool step(const Count& step, const Value& value);
  bool step(const MatchesPattern& step, const Value& value);
  bool step(const HasFormat& step, const Value& value);
  bool step(const Items& step, const Value& value);
  bool step(const Contains& step, const Value& value);
  bool step(const UniqueItems& step, const Value& value);
  bool step(const Required& step, const Value& value);
  bool step(const Members& step, const Value& value);
  bool step(const MemberNames& step, const Value& value);
  bool step(const DependentRequired& step, const Value& value);
  bool step(const DependentSchema& step, const Value& value);
  bool step(const AllOf& step, const Value& value);
  bool step(const AnyOf& step, const Value& value);
  bool step(const OneOf& step, const Value& value);
  bool step(const Not& step, const Value& value);
  bool step(const IfThenElse& step, const Value& value);
  bool step(const Jump& step, const Value& value);
  bool step(const DynamicJump& step, const Value& value);
  bool step(const UnevaluatedItems& step, const Value& value);
  bool step(const UnevaluatedMembers& step, const Value& value);

  bool has_all(const std::vector<std::string>& keys, const JsonObject& object, std::string_view reason);
  bool member(const Members& step, std::string_view key, const Json& json, bool& is_known);
  bool item(BlockId block, const JsonArray& array, std::size_t index);

  const Program& program_;
  Report* report_;
  const Scope* scope_ = nullptr;
  std::size_t nested_ = 0;
  std::size_t entered_ = 0;
};

}  // namespace poly::spec::json_schema
