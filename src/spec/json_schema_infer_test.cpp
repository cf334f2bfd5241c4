#include "spec/json_schema_infer.hpp"

#include <gtest/gtest.h>

#include "spec/json_schema.hpp"
#include "spec/property_type_of.hpp"

namespace poly::spec {
namespace {

Json json(std::string_view text) {
  return value_or_throw(parse_json(text, "test"));
}

// A JSON list of samples to the text of their schema.
std::string inferred(std::string_view samples) {
  const Json list = json(samples);
  const Json schema = infer_schema(std::span(list.as_array().data(), list.as_array().size()));
  const auto compiled = value_or_throw(CompiledSchema::compile(schema));
  for (const auto& sample : list.as_array()) EXPECT_TRUE(compiled.fits(sample)) << to_text(sample);
  return to_text(schema);
}

TEST(InferSchema, DescribesOneSampleWithAllItsKeysRequired) {
  EXPECT_EQ(inferred(R"([{"id":1,"name":"a","tags":["x"]}])"),
            R"({"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},)"
            R"("tags":{"type":"array","items":{"type":"string"}}},"required":["id","name","tags"]})");
}

TEST(InferSchema, KeysThatOneSampleLacksAreOptional) {
  EXPECT_EQ(
      inferred(R"([{"a":1,"b":2},{"b":3,"c":4}])"),
      R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"}},)"
      R"("required":["b"]})");
}

TEST(InferSchema, IntegersAndFractionsAreNumbers) {
  EXPECT_EQ(inferred("[1, 2.5]"), R"({"type":"number"})");
  EXPECT_EQ(inferred("[1, 2.0, 18446744073709551615]"), R"({"type":"integer"})");
}

TEST(InferSchema, DifferentKindsMakeAUnionAndNullJoinsIt) {
  EXPECT_EQ(inferred(R"(["a", null])"), R"({"type":["string","null"]})");
  EXPECT_EQ(inferred(R"([1.5, {"a":true}, null])"),
            R"({"type":["object","number","null"],"properties":{"a":{"type":"boolean"}},"required":["a"]})");
}

TEST(InferSchema, ItemsOfAllArraysAreMerged) {
  EXPECT_EQ(inferred(R"([[{"a":1}],[{"a":"x","b":1}],[]])"),
            R"({"type":"array","items":{"type":"object","properties":{"a":{"type":["string","integer"]},)"
            R"("b":{"type":"integer"}},"required":["a"]}})");
}

TEST(InferSchema, NothingKnownDescribesAnything) {
  EXPECT_EQ(inferred("[]"), "{}");
  EXPECT_EQ(inferred("[[]]"), R"({"type":"array","items":{}})");
}

TEST(PropertyTypeOf, PrimitivesAndNull) {
  EXPECT_EQ(property_type_of(json(R"("a")")), PropertyType::primitive("string"));
  EXPECT_EQ(property_type_of(json("1")), PropertyType::primitive("number"));
  EXPECT_EQ(property_type_of(json("1.5")), PropertyType::primitive("number"));
  EXPECT_EQ(property_type_of(json("true")), PropertyType::primitive("boolean"));
  EXPECT_EQ(property_type_of(json("null")), PropertyType::any());
}

TEST(PropertyTypeOf, ArraysHaveTheTypeOfTheirItems) {
  EXPECT_EQ(to_text(encode(property_type_of(json(R"(["a","b"])")))),
            R"({"kind":"array","items":{"kind":"primitive","type":"string"}})");
  EXPECT_EQ(to_text(encode(property_type_of(json("[]")))),
            R"({"kind":"array","items":{"kind":"plain","value":"any"}})");
  EXPECT_EQ(to_text(encode(property_type_of(json(R"([1,"a"])")))),
            R"({"kind":"array","items":{"kind":"object","schema":{"type":["string","integer"]}}})");
}

TEST(PropertyTypeOf, ObjectsCarryTheirSchema) {
  EXPECT_EQ(
      to_text(encode(property_type_of(json(R"({"a":1})")))),
      R"({"kind":"object","schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}})");
}

}  // namespace
}  // namespace poly::spec
