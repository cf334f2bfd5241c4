#include "spec/json_schema_pattern.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace poly::spec::json_schema {
namespace {

bool found(std::string_view ecma, std::string_view text) {
  const RE2 expression(value_or_throw(to_re2_syntax(ecma)), RE2::Quiet);
  EXPECT_TRUE(expression.ok()) << expression.error();
  return RE2::PartialMatch(text, expression);
}

TEST(Pattern, ClassesMeanWhatEcmaSays) {
  EXPECT_TRUE(found("^\\d\\w\\s$", "1a\t"));
  EXPECT_TRUE(found("^\\s+$", "\u00a0\u2003\ufeff\v\u2028"));
  EXPECT_FALSE(found("\\S", "\u00a0\u2003\ufeff\v\u2028"));
  EXPECT_TRUE(found("^[^\\s]$", "x"));
  EXPECT_TRUE(found("^[\\S]$", "é"));
  EXPECT_FALSE(found("^\\d$", "߀"));
  EXPECT_FALSE(found("^\\w$", "é"));
}

TEST(Pattern, ADotStopsAtLineEnds) {
  EXPECT_TRUE(found("^.$", "é"));
  EXPECT_FALSE(found("^.$", "\n"));
  EXPECT_FALSE(found("^.$", "\r"));
  EXPECT_FALSE(found("^.$", "\u2028"));
}

TEST(Pattern, TheEndIsTheEndOfTheText) {
  EXPECT_FALSE(found("^abc$", "abc\n"));
  EXPECT_FALSE(found("^b", "a\nb"));
}

TEST(Pattern, EscapesNameCodePoints) {
  EXPECT_TRUE(found("^\\u00e9\\x41\\cA$", "éA\x01"));
  EXPECT_TRUE(found("^\\uD83D\\uDC32*$", "🐲🐲"));
  EXPECT_TRUE(found("^\\u{1f432}$", "🐲"));
  EXPECT_TRUE(found("^[\\b]$", "\b"));
  EXPECT_TRUE(found("^\\/\\-\\_\\.$", "/-_."));
}

TEST(Pattern, UnicodePropertiesHaveLongNames) {
  EXPECT_TRUE(found("^\\p{Letter}+$", "é"));
  EXPECT_FALSE(found("^\\P{Letter}+$", "é"));
  EXPECT_TRUE(found("^[\\p{Lu}\\p{Decimal_Number}]+$", "É1"));
  EXPECT_TRUE(found("^\\p{Script=Greek}$", "α"));
}

TEST(Pattern, OddClassesAreLiteral) {
  EXPECT_TRUE(found("^[[:a]$", "["));
  EXPECT_TRUE(found("^[^]$", "\n"));
  EXPECT_FALSE(found("[]", "a"));
  EXPECT_TRUE(found("^(?<year>\\d{4})$", "2024"));
}

TEST(Pattern, WhatRe2CannotDoIsUnsupportedAndNamed) {
  for (const char* pattern : {"a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"}) {
    const auto result = to_re2_syntax(pattern);
    ASSERT_FALSE(result) << pattern;
    EXPECT_EQ(result.error().kind, ErrorKind::unsupported) << pattern;
  }
}

TEST(Pattern, WhatEcmaDoesNotKnowIsWrong) {
  for (const char* pattern : {"\\", "\\a", "[a", "\\x1", "\\u12", "\\u{110000000}", "\\cc1\\c1", "\\p",
                              "(?i)a", "\\z", "\\uD83Dx\\uD83D\\u0041"}) {
    const auto result = to_re2_syntax(pattern);
    ASSERT_FALSE(result) << pattern;
    EXPECT_EQ(result.error().kind, ErrorKind::bad_request) << pattern;
  }
}

}  // namespace
}  // namespace poly::spec::json_schema
