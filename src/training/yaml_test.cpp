#include "training/yaml.hpp"

#include <gtest/gtest.h>

#include "training/document_text.hpp"

namespace poly::training {
namespace {

std::string json_of(std::string_view yaml) {
  const auto value = parse_yaml(yaml, {});
  return value ? to_text(*value) : value.error().message;
}

std::string reading_error(std::string_view text) {
  const auto value = read_document(text, {});
  return value ? "" : value.error().message;
}

TEST(Yaml, OnlyWordsOfTheCoreSchemaAreMoreThanText) {
  EXPECT_EQ(json_of("[true, False, NULL, ~, yes, no, on, off, y]"),
            R"([true,false,null,null,"yes","no","on","off","y"])");
  EXPECT_EQ(json_of("[1, -2, +3, 0o17, 0x1F, 18446744073709551615]"), "[1,-2,3,15,31,18446744073709551615]");
  EXPECT_EQ(json_of("[1.5, -.5, 2., 1e3]"), "[1.5E0,-5E-1,2E0,1E3]");
  EXPECT_EQ(json_of("[2024-01-01, 1.2.3, 0b1, 1_000, '-', 12:30]"),
            R"(["2024-01-01","1.2.3","0b1","1_000","-","12:30"])");
}

TEST(Yaml, WhatIsQuotedOrTaggedAsTextStaysText) {
  EXPECT_EQ(json_of(R"(['true', "1", !!str 3.0, !!str null])"), R"(["true","1","3.0","null"])");
  EXPECT_EQ(json_of("a: |\n  1\n"), R"({"a":"1\n"})");
}

TEST(Yaml, KeysAreTextAsTheyWereTyped) {
  EXPECT_EQ(json_of("200: a\n'201': b\ntrue: c\n1.0: d\n"), R"({"200":"a","201":"b","true":"c","1.0":"d"})");
}

TEST(Yaml, EmptyValuesAreNull) {
  EXPECT_EQ(json_of("a:\nb: ''\n"), R"({"a":null,"b":""})");
}

TEST(Yaml, AliasesRepeatWhatTheyName) {
  EXPECT_EQ(json_of("a: &x {k: [1]}\nb: *x\n"), R"({"a":{"k":[1]},"b":{"k":[1]}})");
}

TEST(Yaml, MergedMapsLoseAgainstKeysOfTheMapItself) {
  EXPECT_EQ(json_of("base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n"),
            R"({"base":{"x":1,"y":2},"c":{"y":3,"x":1}})");
  EXPECT_EQ(json_of("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b]\n"),
            R"([{"x":1},{"x":2,"y":2},{"x":1,"y":2}])");
  EXPECT_EQ(json_of("'<<': 1\n"), R"({"<<":1})");
}

TEST(Yaml, ErrorsNameLineAndColumn) {
  EXPECT_EQ(json_of("a: 1\na: 2\n"),
            "The document is not valid YAML: the key 'a' stands twice in the same map at line 2, column 1");
  EXPECT_EQ(json_of("a: 1\nb: [1, 2\n"),
            "The document is not valid YAML: end of sequence flow not found at line 3, column 1");
  EXPECT_EQ(json_of("a: .inf\n"),
            "The document is not valid YAML: '.inf' is a number that JSON does not have at line 1, column 4");
  EXPECT_EQ(json_of("? [1]\n: 2\n"),
            "The document is not valid YAML: a key must be text at line 1, column 3");
  EXPECT_EQ(json_of("<<: 3\n"),
            "The document is not valid YAML: '<<' merges a map or a list of maps at line 1, column 5");
  EXPECT_TRUE(json_of("a: *nobody\n").contains("line 1")) << json_of("a: *nobody\n");
}

TEST(Yaml, AnAliasInsideWhatItRepeatsIsRefused) {
  EXPECT_EQ(json_of("a: &x [1, *x]\n"),
            "The document is not valid YAML: an alias stands inside what it repeats at line 1, column 11");
}

TEST(Yaml, NestedAliasesCannotFillTheMemory) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const auto inner = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + inner;
    for (int i = 1; i < 10; ++i) bomb += ", " + inner;
    bomb += "]\n";
  }
  EXPECT_TRUE(json_of(bomb).contains("more than 4000000 values"));
}

TEST(Yaml, DepthEndsAtItsLimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_yaml(nested(json_depth_max), {}));
  EXPECT_TRUE(json_of(nested(json_depth_max + 1)).contains("nested deeper than 200 levels"));
}

TEST(DocumentText, JsonIsToldFromYamlByItsFirstCharacter) {
  EXPECT_EQ(to_text(read_document("\xEF\xBB\xBF {\"a\": 1}", {}).value()), R"({"a":1})");
  EXPECT_EQ(to_text(read_document("a: 1", {}).value()), R"({"a":1})");
}

TEST(DocumentText, JsonErrorsNameLineAndColumn) {
  EXPECT_TRUE(reading_error("{\n  \"a\": 1,\n  oops\n}").contains("line 3, column 3"))
      << reading_error("{\n  \"a\": 1,\n  oops\n}");
  EXPECT_TRUE(reading_error("{\"a\":").contains("incomplete"));
  EXPECT_TRUE(reading_error("{} {}").contains("line 1, column 4")) << reading_error("{} {}");
}

TEST(DocumentText, EmptyAndOversizedTextsAreRefused) {
  EXPECT_EQ(reading_error(" \n\t"), "The document is empty");
  EXPECT_EQ(reading_error("# only a comment\n"), "The document is empty");
  EXPECT_EQ(read_document(std::string(document_bytes_max + 1, ' '), {}).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace poly::training
