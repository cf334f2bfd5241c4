#include <gtest/gtest.h>

#include "training/open_api_document.hpp"
#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(References, OneOutsideTheDocumentRefusesOnlyItsOperation) {
  const auto input =
      trained(with_head("paths:\n"
                        "  /a: {get: {parameters: [{$ref: 'other.yaml#/Limit'}]}}\n"
                        "  /b: {get: {operationId: fine}}\n"
                        "  /c: {$ref: 'https://x.example/c.yaml'}\n"));
  EXPECT_EQ(input.functions.size(), 1u);
  EXPECT_EQ(input.report->operations, 3);
  EXPECT_EQ(
      input.report->refused,
      (std::vector<Remark>{
          {"GET", "/a",
           "`$ref` 'other.yaml#/Limit' lies outside this document; put what it names into the document"},
          {"*", "/c",
           "`$ref` 'https://x.example/c.yaml' lies outside this document; put what it names into the "
           "document"}}));
}

TEST(References, EscapesAndPercentCodesOfPointersAreRead) {
  const auto input = trained(with_head(
      "paths:\n"
      "  /a/{id}: {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {$ref: "
      "'#/paths/~1b/get/responses/200/content/application~1json/schema'}}]}}\n"
      "  /b: {get: {operationId: b, responses: {200: {content: {application/json: {schema: {type: string, "
      "enum: [x]}}}}}}}\n"
      "  /c: {$ref: '#/paths/~1a~1%7Bid%7D'}\n"));
  EXPECT_EQ(refusal(input), "");
  ASSERT_EQ(input.schemas.size(), 1u);
  EXPECT_EQ(argument_of(function_at(input, "test.a"), "id").type_schema.text,
            R"({"x-poly-ref":{"path":"test.)" + input.schemas[0].head.name + R"("}})");
}

TEST(References, CirclesOfBareReferencesAreRefused) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}");
  EXPECT_TRUE(refusal(input).contains("leads in a circle")) << refusal(input);
  EXPECT_TRUE(input.schemas.empty());
}

TEST(References, ChainsEndAtTheirLimit) {
  const auto with_hops = [](int hops) {
    std::string parameters = "{parameters: {P0: {name: p, in: query}";
    for (int i = 1; i < hops; ++i) {
      parameters +=
          ", P" + std::to_string(i) + ": {$ref: '#/components/parameters/P" + std::to_string(i - 1) + "'}";
    }
    return refusal(
        trained_operation("parameters: [{$ref: '#/components/parameters/P" + std::to_string(hops - 1) + "'}]",
                          parameters + "}}"));
  };
  EXPECT_EQ(with_hops(reference_hops_max), "");
  EXPECT_NE(with_hops(reference_hops_max + 1), "");
}

TEST(References, ABrokenSchemaFarAwayRefusesTheOperationThatReachesIt) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {properties: {b: {$ref: '#/components/schemas/B'}}}, B: {items: {$ref: 'x.json'}}}}");
  EXPECT_EQ(refusal(input),
            "schema B: `$ref` 'x.json' lies outside this document; put what it names into the document");
  EXPECT_TRUE(input.schemas.empty());
}

TEST(References, WhatIsNoJsonSchemaIsTakenAsAnythingWithAWarning) {
  const auto input = trained_operation(
      "parameters: [{name: f, in: query, schema: {type: file}}], "
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {type: objekt, properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: string}}}");
  EXPECT_EQ(refusal(input), "");
  EXPECT_EQ(argument_of(input.functions.at(0), "f").type, "any");
  ASSERT_EQ(input.schemas.size(), 1u);
  EXPECT_EQ(input.schemas[0].definition.text,
            R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})");
  ASSERT_EQ(input.report->warnings.size(), 2u);
  EXPECT_TRUE(input.report->warnings[0].reason.starts_with("a schema is taken as anything: "));
  EXPECT_TRUE(input.report->warnings[1].reason.starts_with("schema A is taken as anything: "));
}

TEST(References, ASchemaMayContainItself) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}");
  EXPECT_EQ(refusal(input), "");
  EXPECT_EQ(argument_of(input.functions[0], "body").type, "any");
  ASSERT_EQ(input.schemas.size(), 1u);
}

TEST(References, SchemasWithTheSameNameGetANumber) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/a-b'}, "
      "{$ref: '#/components/schemas/aB'}]}}}}",
      "{schemas: {a-b: {type: string}, aB: {type: number}}}");
  ASSERT_EQ(input.schemas.size(), 2u);
  EXPECT_EQ(input.schemas[0].head.name, "AB");
  EXPECT_EQ(input.schemas[1].head.name, "AB2");
}

}  // namespace
}  // namespace poly::training
