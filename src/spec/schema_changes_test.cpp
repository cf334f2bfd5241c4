#include "spec/schema_changes.hpp"

#include <gtest/gtest.h>

namespace poly::spec {
namespace {

std::vector<std::string> lines(std::string_view before, std::string_view after, Direction direction) {
  const auto parsed = [](std::string_view text) { return value_or_throw(parse_json(text, "test")); };
  std::vector<std::string> out;
  for (const auto& change : schema_changes(parsed(before), parsed(after), direction, "x"))
    out.push_back((change.breaking ? "!" : "") + change.what);
  return out;
}

using Lines = std::vector<std::string>;

TEST(SchemaChanges, WhatIsTakenMayWidenAndWhatIsGivenMayNarrow) {
  constexpr std::string_view narrow = R"({"type":"string"})";
  constexpr std::string_view wide = R"({"type":["string","null"]})";
  EXPECT_EQ(lines(narrow, wide, Direction::taken), Lines{"x: now null or string, was string"});
  EXPECT_EQ(lines(narrow, wide, Direction::given), Lines{"!x: now null or string, was string"});
  EXPECT_EQ(lines(wide, narrow, Direction::taken), Lines{"!x: now string, was null or string"});
  EXPECT_EQ(lines(wide, narrow, Direction::given), Lines{"x: now string, was null or string"});
  EXPECT_EQ(lines(narrow, "{}", Direction::given), Lines{"!x: now any, was string"});
}

TEST(SchemaChanges, ReferencesAreComparedByWhatTheyNameAndChoicesByTheirWords) {
  EXPECT_EQ(lines(R"({"x-poly-ref":{"path":"a.B"}})", R"({"x-poly-ref":{"path":"a.C"}})", Direction::given),
            Lines{"!x: now a.C, was a.B"});
  EXPECT_EQ(lines(R"({"type":"string","enum":["a","b"]})", R"({"type":"string","enum":["b","c"]})",
                  Direction::taken),
            (Lines{"!x: 'a' is no value any more", "x: 'c' is a new value"}));
}

TEST(SchemaChanges, ADescriptionIsNoChangeAndOtherKeywordsAreOneLine) {
  EXPECT_EQ(lines(R"({"type":"string"})", R"({"type":"string","description":"new"})", Direction::given),
            Lines{});
  EXPECT_EQ(lines(R"({"type":"string"})", R"({"type":"string","maxLength":3})", Direction::given),
            Lines{"x: its schema changed"});
}

TEST(SchemaChanges, ManyChangesAreCutAndCounted) {
  JsonObject properties;
  for (std::size_t i = 0; i < schema_changes_max + 5; ++i) properties["p" + std::to_string(i)] = JsonObject();
  const auto before = to_text(JsonObject{{"type", "object"}, {"properties", properties}});
  const auto found = lines(before, R"({"type":"object"})", Direction::given);
  EXPECT_EQ(found.size(), schema_changes_max + 1);
  EXPECT_EQ(found.back(), "!x: 5 more changes");
}

}  // namespace
}  // namespace poly::spec
