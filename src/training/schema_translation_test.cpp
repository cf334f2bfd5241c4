#include "training/schema_translation.hpp"

#include <gtest/gtest.h>

namespace poly::training {
namespace {

std::string translated(std::string_view schema, SchemaDialect dialect = SchemaDialect::open_api_3_0) {
  const ReferencePath path_of = [](std::string_view reference) {
    return "ctx." + std::string(reference.substr(reference.rfind('/') + 1));
  };
  return to_text(translate_schema(parse_json(schema, "test").value(), dialect, path_of));
}

std::string translated_3_1(std::string_view schema) {
  return translated(schema, SchemaDialect::open_api_3_1);
}

TEST(SchemaTranslation, NullableIsATypeOfNull) {
  EXPECT_EQ(translated(R"({"type":"string","nullable":true})"), R"({"type":["string","null"]})");
  EXPECT_EQ(translated(R"({"type":"string","enum":["a"],"nullable":true})"),
            R"({"type":["string","null"],"enum":["a",null]})");
  EXPECT_EQ(translated(R"({"type":"string","nullable":false})"), R"({"type":"string"})");
  EXPECT_EQ(translated(R"({"nullable":true,"allOf":[{"type":"object"}]})"),
            R"({"anyOf":[{"allOf":[{"type":"object"}]},{"type":"null"}]})");
  EXPECT_EQ(translated(R"({"nullable":true})"), "{}");
}

TEST(SchemaTranslation, ExclusiveLimitsAreNumbers) {
  EXPECT_EQ(
      translated(
          R"({"type":"number","minimum":1,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":false})"),
      R"({"type":"number","maximum":9,"exclusiveMinimum":1})");
  EXPECT_EQ(translated_3_1(R"({"exclusiveMaximum":5})"), R"({"exclusiveMaximum":5})");
}

TEST(SchemaTranslation, ReferencesAreNeverInlined) {
  EXPECT_EQ(translated(R"({"type":"array","items":{"$ref":"#/components/schemas/Pet"}})"),
            R"({"type":"array","items":{"x-poly-ref":{"path":"ctx.Pet"}}})");
  EXPECT_EQ(translated(R"({"$ref":"#/components/schemas/Pet","nullable":true})"),
            R"({"anyOf":[{"x-poly-ref":{"path":"ctx.Pet"}},{"type":"null"}]})");
}

TEST(SchemaTranslation, KeywordsBesideAReferenceCountIn3Point1Only) {
  constexpr auto schema = R"({"$ref":"#/components/schemas/Pet","description":"d","minProperties":1})";
  EXPECT_EQ(translated(schema), R"({"x-poly-ref":{"path":"ctx.Pet"},"description":"d"})");
  EXPECT_EQ(translated_3_1(schema),
            R"({"allOf":[{"x-poly-ref":{"path":"ctx.Pet"},"description":"d"},{"minProperties":1}]})");
}

TEST(SchemaTranslation, PropertiesMayBeCalledLikeKeywords) {
  EXPECT_EQ(
      translated(R"({"properties":{"nullable":{"type":"string"},"example":{"type":"string","example":"x"},
                          "$ref":{"type":"string"},"x-y":{"type":"integer"}}})"),
      R"({"properties":{"nullable":{"type":"string"},"example":{"type":"string"},"$ref":{"type":"string"},"x-y":{"type":"integer"}}})");
}

TEST(SchemaTranslation, WhatIsOnlyForReadersIsLeftOut) {
  EXPECT_EQ(
      translated_3_1(
          R"({"$id":"a","type":"string","examples":["x"],"xml":{},"externalDocs":{},"x-go-type":"T","format":"date"})"),
      R"({"type":"string","format":"date"})");
}

TEST(SchemaTranslation, TheDiscriminatorNamesCatalogPaths) {
  EXPECT_EQ(
      translated(
          R"({"oneOf":[],"discriminator":{"propertyName":"kind","mapping":{"a":"#/components/schemas/A","b":"B"}}})"),
      R"({"oneOf":[],"discriminator":{"propertyName":"kind","mapping":{"a":"ctx.A","b":"ctx.B"}}})");
}

TEST(SchemaTranslation, BooleanSchemasStay) {
  EXPECT_EQ(translated_3_1(R"({"additionalProperties":false,"not":true})"),
            R"({"additionalProperties":false,"not":true})");
}

TEST(SchemaTranslation, WhatIsNoSchemaIsRefused) {
  EXPECT_THROW(translated(R"({"items":"string"})"), Failure);
  EXPECT_THROW(translated_3_1(R"({"$dynamicRef":"#node"})"), Failure);
}

}  // namespace
}  // namespace poly::training
