// From schema documents to a program: every keyword becomes at most one step, every subschema one block.
//
// Subschemas wait in a queue instead of being compiled by recursion, so that deep and cyclic schemas need no
// stack. The first mistake stops the work; the door hands it out with the place where it stands.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/json_schema.hpp"
#include "spec/json_schema_documents.hpp"
#include "spec/json_schema_program.hpp"

namespace poly::spec::json_schema {

// Subschemas of one program.
inline constexpr std::size_t blocks_max = 200'000;

class Compiler final {
 public:
  Compiler(const SchemaResolver* resolver, const SchemaOptions& options)
      : documents_(resolver), options_(options) {}

  Result<std::shared_ptr<const Program>> run(const Json& schema);

 private:
  // The subschema at work: its keywords, its resource and its place for messages.
  struct Subject {
    const JsonObject& keywords;
    ResourceId resource;
    const std::string& place;
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
  std::optional<Error> error_;
};

}  // namespace poly::spec::json_schema
