// What a schema becomes: one list of steps. A block is the run of steps of one subschema; applying a
// subschema is a jump to its block, so recursion costs nothing here and the checker looks up no names.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <re2/re2.h>

#include "spec/json_schema_format.hpp"
#include "spec/json_schema_value.hpp"

namespace poly::spec::json_schema {

using BlockId = std::uint32_t;
using ResourceId = std::uint32_t;  // a schema with an address of its own ($id), as far as $dynamicRef sees it
using AnchorId = std::uint32_t;    // a name of $dynamicAnchor

inline constexpr BlockId no_block = std::numeric_limits<BlockId>::max();
inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

struct Pattern {
  std::string ecma;  // as the schema has it, for messages
  std::unique_ptr<RE2> expression;

  bool found_in(std::string_view text) const;
};

// A subschema with the name that people know it by: its title, or the end of its $ref, or "".
struct Branch {
  BlockId block;
  std::string name;
};

struct Nothing {};  // the schema `false`

struct TypeIs {
  Kinds kinds;
};

// enum, and const with one value.
struct IsOneOf {
  std::vector<Json> values;
};

struct Bound {
  enum class Side { at_least, above, at_most, below };
  Side side;
  Json limit;
};

struct MultipleOf {
  Json divisor;
};

// minLength, maxItems and their like.
struct Count {
  enum class Of { characters, items, members };
  enum class Side { at_least, at_most };
  Of of;
  Side side;
  std::size_t limit;
};

struct MatchesPattern {
  Pattern pattern;
};

struct HasFormat {
  std::string name;
  FormatCheck check;
};

// prefixItems with items, or a list of items with additionalItems.
struct Items {
  std::vector<BlockId> first;
  BlockId rest = no_block;
};

struct Contains {
  BlockId block;
  std::size_t at_least = 1;
  std::size_t at_most = unlimited;
};

struct UniqueItems {};

struct Required {
  std::vector<std::string> keys;
};

// properties, patternProperties and additionalProperties, in one walk over the members.
struct Members {
  struct Property {
    std::string key;
    BlockId block;
  };
  struct PatternProperty {
    Pattern pattern;
    BlockId block;
  };
  std::vector<Property> properties;  // sorted by key
  std::vector<PatternProperty> patterns;
  BlockId rest = no_block;
  bool rest_is_refused = false;  // additionalProperties: false
};

struct MemberNames {
  BlockId block;
};

struct DependentRequired {
  std::string key;
  std::vector<std::string> needed;
};

struct DependentSchema {
  std::string key;
  BlockId block;
};

struct AllOf {
  std::vector<BlockId> blocks;
};

struct AnyOf {
  std::vector<Branch> branches;
};

struct OneOf {
  std::vector<Branch> branches;
};

struct Not {
  BlockId block;
};

struct IfThenElse {
  BlockId condition;
  BlockId then_block = no_block;
  BlockId else_block = no_block;
};

struct Jump {
  BlockId block;
};

// Goes to the outermost resource on the way here that has the anchor.
struct DynamicJump {
  AnchorId anchor;
  BlockId otherwise;
};

struct UnevaluatedItems {
  BlockId block;
};

struct UnevaluatedMembers {
  BlockId block;
};

using Step = std::variant<Nothing, TypeIs, IsOneOf, Bound, MultipleOf, Count, MatchesPattern, HasFormat,
                          Items, Contains, UniqueItems, Required, Members, MemberNames, DependentRequired,
                          DependentSchema, AllOf, AnyOf, OneOf, Not, IfThenElse, Jump, DynamicJump,
                          UnevaluatedItems, UnevaluatedMembers>;

struct Block {
  std::uint32_t first_step = 0;
  std::uint32_t steps_end = 0;
  ResourceId resource = 0;
  bool null_fits = false;         // nullable of OpenAPI 3.0
  bool tracks_evaluated = false;  // has an unevaluated… step, which asks what its neighbours looked at
};

struct Program {
  std::vector<Step> steps;
  std::vector<Block> blocks;  // the first is the whole schema
  std::map<std::pair<ResourceId, AnchorId>, BlockId> dynamic_anchors;
};

}  // namespace poly::spec::json_schema
