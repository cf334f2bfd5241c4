#include "training/function_changes.hpp"

#include <gtest/gtest.h>

namespace poly::training {
namespace {

spec::ApiArgument argument(std::string name, std::string type = "string", bool required = true) {
  return {.name = std::move(name), .description = {}, .required = required, .type = std::move(type)};
}

spec::ApiFunction function(std::vector<spec::ApiArgument> arguments, std::string result = "{}") {
  spec::ApiFunction out;
  out.head.name = "f";
  out.arguments = std::move(arguments);
  out.source.url = "https://a.example";
  out.return_type_schema = {std::move(result)};
  return out;
}

// The lines, those that break with a `!` in front.
std::vector<std::string> lines(const spec::ApiFunction& before, const spec::ApiFunction& after) {
  std::vector<std::string> out;
  for (const auto& change : function_changes(before, after))
    out.push_back((change.breaking ? "!" : "") + change.what);
  return out;
}

using Lines = std::vector<std::string>;

TEST(FunctionChanges, OfTheSameFunctionThereAreNone) {
  EXPECT_EQ(lines(function({argument("a")}), function({argument("a")})), Lines{});
}

TEST(FunctionChanges, ArgumentsThatCallersMustGiveOrLoseBreakThem) {
  EXPECT_EQ(lines(function({argument("a")}), function({argument("a"), argument("b")})),
            Lines{"!argument 'b' is new, required"});
  EXPECT_EQ(lines(function({argument("a")}), function({argument("a"), argument("b", "string", false)})),
            Lines{"argument 'b' is new, optional"});
  EXPECT_EQ(lines(function({argument("a"), argument("b")}), function({argument("a")})),
            Lines{"!argument 'b' went away"});
  EXPECT_EQ(lines(function({argument("a", "string", false)}), function({argument("a")})),
            Lines{"!argument 'a' is now required"});
  EXPECT_EQ(lines(function({argument("a", "integer")}), function({argument("a", "number")})),
            Lines{"argument 'a': now number, was integer"});
  EXPECT_EQ(lines(function({argument("a", "number")}), function({argument("a", "integer")})),
            Lines{"!argument 'a': now integer, was number"});
}

TEST(FunctionChanges, ThePlaceOfAnArgumentIsPartOfIt) {
  EXPECT_EQ(lines(function({argument("a"), argument("b")}), function({argument("b"), argument("a")})),
            Lines{"!the order of the arguments changed"});
  EXPECT_EQ(lines(function({argument("a"), argument("b", "string", false)}),
                  function({argument("a"), argument("c", "string", false), argument("b", "string", false)})),
            (Lines{"argument 'c' is new, optional", "!argument 'c' stands before others"}));
}

TEST(FunctionChanges, OfResultsWhatReadersMissBreaksThem) {
  const auto result = [](std::string properties, std::string required) {
    return function(
        {}, R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required + "]}");
  };
  const auto before =
      result(R"("id":{"type":"integer"},"list":{"type":"array","items":{"type":"string"}})", R"("id")");
  EXPECT_EQ(lines(before, result(R"("id":{"type":"integer"})", R"("id")")), Lines{"!result.list: went away"});
  EXPECT_EQ(
      lines(
          before,
          result(
              R"("id":{"type":["integer","null"]},"list":{"type":"array","items":{"type":"integer"}},"n":{})",
              "")),
      (Lines{"!result.id: now integer or null, was integer", "!result.id: now optional",
             "!result.list[]: now integer, was string", "result.n: new"}));
}

TEST(FunctionChanges, WhatIsSentIsToldToo) {
  auto after = function({});
  after.source.url = "https://b.example";
  after.source.method = "POST";
  EXPECT_EQ(lines(function({}), after),
            (Lines{"method: now POST, was GET", "url: now https://b.example, was https://a.example"}));
  auto slower = function({});
  slower.policy.emplace();
  slower.head.state = spec::State::stable;
  EXPECT_EQ(lines(slower, function({})), (Lines{"its policy changed", "its visibility or state changed"}));
  auto described = function({});
  described.head.description = "new";
  EXPECT_EQ(lines(function({}), described), Lines{"description or settings changed"});
}

TEST(FunctionChanges, OtherStatusesAreCompared) {
  auto before = function({});
  before.other_return_types = {{"404", "string", {}}, {"500", "string", {}}};
  auto after = function({});
  after.other_return_types = {{"404", "object", {}}, {"409", "string", {}}};
  EXPECT_EQ(lines(before, after), (Lines{"!result of status 404: now object, was string",
                                         "status 500 has no type any more", "status 409 has a type now"}));
}

}  // namespace
}  // namespace poly::training
