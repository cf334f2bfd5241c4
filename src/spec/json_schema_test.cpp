// What people are told about values that do not fit and schemas that cannot be used, and the limits of both.
#include "spec/json_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spec/json_schema_compiler.hpp"

namespace poly::spec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Json json(std::string_view text) {
  return value_or_throw(parse_json(text, "test"));
}

CompiledSchema compiled(std::string_view schema, const SchemaOptions& options = SchemaOptions()) {
  return value_or_throw(CompiledSchema::compile(json(schema), nullptr, options));
}

std::vector<std::string> problems(std::string_view schema, std::string_view value) {
  std::vector<std::string> out;
  const bool fits = compiled(schema).check(json(value), "$", out);
  EXPECT_EQ(fits, out.empty());
  return out;
}

std::string refusal(std::string_view schema) {
  const auto result = CompiledSchema::compile(json(schema));
  return result ? "was accepted" : result.error().message;
}

TEST(JsonSchemaProblems, NameThePathAndTheExpectedType) {
  std::vector<std::string> out;
  const auto schema = compiled(R"({"properties":{"tags":{"items":{"type":"string"}}}})");
  EXPECT_FALSE(schema.check(json(R"({"tags":["a","b",3]})"), "$.payload", out));
  EXPECT_THAT(out, ElementsAre("$.payload.tags[2]: expected string, got number"));
}

TEST(JsonSchemaProblems, QuoteKeysThatAreNoWords) {
  EXPECT_THAT(problems(R"({"additionalProperties":{"type":["integer","null"]}})", R"({"a b":"x","c.d":1.5})"),
              ElementsAre(R"($["a b"]: expected integer or null, got string)",
                          R"($["c.d"]: expected integer or null, got number)"));
}

TEST(JsonSchemaProblems, SayWhatIsWrongForEachKeyword) {
  EXPECT_THAT(problems(R"({"enum":["red","green",3]})", R"("blue")"),
              ElementsAre(R"($: must be one of "red", "green", 3)"));
  EXPECT_THAT(problems(R"({"const":"dog"})", "1"), ElementsAre(R"($: must be "dog")"));
  EXPECT_THAT(problems(R"({"minimum":3})", "2"), ElementsAre("$: must be at least 3"));
  EXPECT_THAT(problems(R"({"exclusiveMaximum":3})", "3"), ElementsAre("$: must be below 3"));
  EXPECT_THAT(problems(R"({"multipleOf":5})", "7"), ElementsAre("$: must be a multiple of 5"));
  EXPECT_THAT(problems(R"({"minLength":1})", R"("")"),
              ElementsAre("$: must have at least 1 character, has 0"));
  EXPECT_THAT(problems(R"({"maxItems":2})", "[1,2,3]"), ElementsAre("$: must have at most 2 items, has 3"));
  EXPECT_THAT(problems(R"({"pattern":"^a+$"})", R"("b")"), ElementsAre("$: does not match the pattern ^a+$"));
  EXPECT_THAT(problems(R"({"uniqueItems":true})", "[1,2,1.0]"), ElementsAre("$: items 0 and 2 are equal"));
  EXPECT_THAT(problems(R"({"required":["a","b"]})", R"({"a":1})"), ElementsAre("$.b: is missing"));
  EXPECT_THAT(problems(R"({"dependentRequired":{"card":["address"]}})", R"({"card":1})"),
              ElementsAre("$.address: is missing, and needed beside card"));
  EXPECT_THAT(problems(R"({"properties":{"a":{},"b":{}},"additionalProperties":false})", R"({"c":1})"),
              ElementsAre("$.c: is not a known property; known are a, b"));
  EXPECT_THAT(problems(R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"A":1})"),
              ElementsAre(R"($: property name "A": does not match the pattern ^[a-z]+$)"));
  EXPECT_THAT(problems(R"({"contains":{"type":"string"}})", "[1]"),
              ElementsAre("$: must contain at least 1 fitting item(s), contains 0"));
  EXPECT_THAT(problems(R"({"not":{"type":"string"}})", R"("a")"),
              ElementsAre("$: fits the schema that it must not fit"));
  EXPECT_THAT(problems("false", "1"), ElementsAre("$: is not allowed"));
}

TEST(JsonSchemaProblems, SayWhichAlternativeCameNearest) {
  const auto* pets = R"({"oneOf":[
    {"title":"Cat","type":"object","properties":{"kind":{"const":"cat"},"lives":{"type":"integer"}}},
    {"title":"Dog","type":"object","properties":{"kind":{"const":"dog"},"bark":{"type":"boolean"}}},
    {"type":"string"}]})";
  EXPECT_THAT(problems(pets, R"({"kind":"dog","bark":"loud"})"),
              ElementsAre("$: fits none of the 3 alternatives of oneOf; nearest is 2 (Dog): "
                          "$.bark: expected boolean, got string"));
  EXPECT_THAT(
      problems(R"({"anyOf":[{"$ref":"#/$defs/Name"},{"type":"null"}],"$defs":{"Name":{"minLength":2}}})",
               R"("a")"),
      ElementsAre("$: fits none of the 2 alternatives of anyOf; nearest is 1 (Name): "
                  "$: must have at least 2 characters, has 1"));
  EXPECT_THAT(problems(R"({"oneOf":[{"minimum":1},{"title":"Even","multipleOf":2}]})", "4"),
              ElementsAre("$: fits the alternatives 1 and 2 (Even) of oneOf, and must fit only one"));
}

TEST(JsonSchemaProblems, StopAtTheLimitThatWasAskedFor) {
  std::vector<std::string> out{"before"};
  const auto schema = compiled(R"({"items":{"type":"string"}})");
  EXPECT_FALSE(schema.check(json("[1,2,3,4]"), "$", out, 2));
  EXPECT_EQ(out.size(), 3u);
  EXPECT_TRUE(schema.check(json(R"(["a"])"), "$", out, 2));
  EXPECT_EQ(out.size(), 3u);
}

TEST(JsonSchemaErrors, NameThePlaceAndTheReason) {
  EXPECT_EQ(refusal(R"({"properties":{"age":{"type":"int"}}})"),
            R"(#/properties/age/type: "int" is no type of JSON)");
  EXPECT_EQ(refusal(R"({"items":[true,5]})"), "#/items/1: a schema must be an object or a boolean");
  EXPECT_EQ(refusal(R"({"anyOf":[]})"), "#/anyOf: must be a list of schemas with at least one");
  EXPECT_EQ(refusal(R"({"minLength":-1})"), "#/minLength: must be a whole number of zero or more");
  EXPECT_EQ(refusal(R"({"multipleOf":0})"), "#/multipleOf: must be a number above zero");
  EXPECT_EQ(refusal(R"({"required":"a"})"), "#/required: must be a list of strings");
  EXPECT_EQ(refusal(R"({"$ref":"#/$defs/gone"})"), "#/$ref: nothing lies at '#/$defs/gone'");
  EXPECT_EQ(refusal(R"({"$ref":"#gone"})"), "#/$ref: no schema has the anchor 'gone'");
  EXPECT_EQ(refusal(R"({"$ref":"https://example.com/a.json#/b"})"),
            "#/$ref: no schema is known at 'https://example.com/a.json'");
  EXPECT_EQ(refusal(R"({"$recursiveRef":"#"})"),
            "#/$recursiveRef: is of draft 2019-09 only and not supported; write $dynamicRef");
  EXPECT_THAT(refusal(R"-({"pattern":"a(?=b)"})-"),
              StartsWith("#/pattern: the pattern a(?=b) cannot be used: lookaround"));
  EXPECT_THAT(refusal(R"({"pattern":"(a"})"), StartsWith("#/pattern: the pattern (a cannot be used: "));
  EXPECT_EQ(refusal("5"), "#: a schema must be an object or a boolean");
}

TEST(JsonSchemaOptions, UnsupportedPatternsMayBeIgnoredButNotBrokenOnes) {
  SchemaOptions options;
  options.unsupported_patterns = SchemaOptions::UnsupportedPatterns::ignore;
  EXPECT_TRUE(compiled(R"-({"pattern":"a(?=b)"})-", options).fits(json(R"("x")")));
  EXPECT_FALSE(CompiledSchema::compile(json(R"({"pattern":"(a"})"), nullptr, options));
}

TEST(JsonSchemaOptions, FormatsAreAnnotationsUntilEnforced) {
  const auto* schema = R"({"format":"uuid"})";
  EXPECT_TRUE(compiled(schema).fits(json(R"("x")")));
  SchemaOptions options;
  options.formats = SchemaOptions::Formats::enforce;
  std::vector<std::string> out;
  EXPECT_FALSE(compiled(schema, options).check(json(R"("x")"), "$", out));
  EXPECT_THAT(out, ElementsAre("$: does not have the format uuid"));
  EXPECT_TRUE(compiled(R"({"format":"my-own"})", options).fits(json(R"("x")")));
}

TEST(JsonSchemaReferences, PolyPathsComeFromTheResolver) {
  std::vector<std::string> asked;
  SchemaResolver resolver;
  resolver.by_poly_path = [&](std::string_view path, std::string_view space) -> std::optional<Json> {
    asked.push_back(std::string(space) + ":" + std::string(path));
    if (path == "crm.Contact") {
      return json(R"({"type":"object","properties":{"address":{"x-poly-ref":{"path":"crm.Address"}}}})");
    }
    if (path == "crm.Address") return json(R"({"type":"object","required":["city"]})");
    return std::nullopt;
  };
  const auto schema = CompiledSchema::compile(
      json(
          R"({"items":{"x-poly-ref":{"path":"crm.Contact"}},"contains":{"x-poly-ref":{"path":"crm.Contact"}}})"),
      &resolver);
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_THAT(asked, ElementsAre(":crm.Contact", ":crm.Address"));
  EXPECT_TRUE(schema->fits(json(R"([{"address":{"city":"Rome"}}])")));
  EXPECT_FALSE(schema->fits(json(R"([{"address":{}}])")));

  const auto missing =
      CompiledSchema::compile(json(R"({"x-poly-ref":{"path":"Gone","publicNamespace":"OOB"}})"), &resolver);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "#/x-poly-ref: there is no schema 'OOB/Gone'");
}

TEST(JsonSchemaReferences, MissingOnesMayFitAnything) {
  SchemaOptions options;
  options.missing_references = SchemaOptions::MissingReferences::fit_anything;
  const auto schema = compiled(
      R"({"type":"object","x-poly-ref":{"path":"Gone"},"properties":{"a":{"$ref":"b.json"}}})", options);
  EXPECT_TRUE(schema.fits(json(R"({"a":1})")));
  EXPECT_FALSE(schema.fits(json("1")));
}

TEST(JsonSchemaReferences, ASchemaMayContainItself) {
  const auto* tree =
      R"({"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},"required":["children"]})";
  EXPECT_THAT(problems(tree, R"({"children":[{"children":[{}]}]})"),
              ElementsAre("$.children[0].children[0].children: is missing"));
}

TEST(JsonSchemaDrafts, OlderWordsAreUnderstood) {
  EXPECT_THAT(problems(R"({"minimum":3,"exclusiveMinimum":true})", "3"), ElementsAre("$: must be above 3"));
  EXPECT_THAT(problems(R"({"items":[{"type":"string"}],"additionalItems":{"type":"integer"}})", R"([1,"a"])"),
              ElementsAre("$[0]: expected string, got number", "$[1]: expected integer, got string"));
  EXPECT_THAT(problems(R"({"dependencies":{"a":["b"],"c":{"required":["d"]}}})", R"({"a":1,"c":1})"),
              ElementsAre("$.b: is missing, and needed beside a", "$.d: is missing"));
  EXPECT_THAT(problems(R"({"definitions":{"n":{"type":"integer"}},"$ref":"#/definitions/n"})", "1.5"),
              ElementsAre("$: expected integer, got number"));
}

TEST(JsonSchemaDrafts, NullableLetsNullFitWhateverElseIsSaid) {
  const auto schema = compiled(R"({"type":"string","enum":["a"],"nullable":true})");
  EXPECT_TRUE(schema.fits(json("null")));
  EXPECT_TRUE(schema.fits(json(R"("a")")));
  EXPECT_FALSE(schema.fits(json(R"("b")")));
}

TEST(JsonSchemaDrafts, RequiredAtAPropertyOfOldDocumentsIsNoMistake) {
  EXPECT_TRUE(compiled(R"({"properties":{"a":{"type":"string","required":true}}})").fits(json("{}")));
}

TEST(JsonSchemaEvaluation, UnevaluatedItemsAreTheOnesThatNoFittingBranchSaw) {
  const auto* failed_branch =
      R"({"unevaluatedItems":false,"oneOf":[{"items":true,"minItems":9},{"prefixItems":[true]}]})";
  EXPECT_TRUE(compiled(failed_branch).fits(json("[1]")));
  EXPECT_THAT(problems(failed_branch, "[1,2]"), ElementsAre("$[1]: is not allowed"));
  const auto* by_contains = R"({"unevaluatedItems":{"type":"string"},"contains":{"type":"integer"}})";
  EXPECT_THAT(problems(by_contains, R"([1,"a",true])"), ElementsAre("$[2]: expected string, got boolean"));
}

TEST(JsonSchemaEvaluation, UnevaluatedPropertiesSeeThroughReferencesAndConditions) {
  const auto* schema =
      R"({"$ref":"#/$defs/base","if":{"properties":{"kind":{"const":"x"}},"required":["kind"]},
    "then":{"properties":{"extra":true}},"unevaluatedProperties":false,
    "$defs":{"base":{"properties":{"name":true}}}})";
  EXPECT_TRUE(compiled(schema).fits(json(R"({"name":1,"kind":"x","extra":2})")));
  EXPECT_THAT(problems(schema, R"({"name":1,"kind":"y"})"), ElementsAre("$.kind: is not allowed"));
}

TEST(JsonSchemaEvaluation, DynamicReferencesGoToTheOutermostAnchor) {
  const auto* schema = R"({"$id":"https://example.com/strings","$ref":"list",
    "$defs":{"element":{"$dynamicAnchor":"element","type":"string"},
             "list":{"$id":"list","items":{"$dynamicRef":"#element"},
                     "$defs":{"any":{"$dynamicAnchor":"element"}}}}})";
  EXPECT_THAT(problems(schema, R"(["a",1])"), ElementsAre("$[1]: expected string, got number"));
}

TEST(JsonSchemaLimits, ASchemaThatRunsInACircleIsStopped) {
  EXPECT_THAT(problems(R"({"$ref":"#"})", "1"), ElementsAre("$: takes too much work to check"));
  EXPECT_THAT(problems(R"({"not":{"$ref":"#"}})", "1"), testing::Contains("$: takes too much work to check"));
}

TEST(JsonSchemaLimits, ASchemaThatDoublesTheWorkAtEveryLevelIsStopped) {
  JsonObject definitions;
  definitions["0"] = JsonObject();
  for (int i = 1; i <= 40; ++i) {
    const std::string below = "#/$defs/" + std::to_string(i - 1);
    definitions[std::to_string(i)] =
        JsonObject{{"allOf", {JsonObject{{"$ref", below}}, JsonObject{{"$ref", below}}}}};
  }
  const auto schema =
      value_or_throw(CompiledSchema::compile(JsonObject{{"$ref", "#/$defs/40"}, {"$defs", definitions}}));
  EXPECT_FALSE(schema.fits(json("1")));
}

TEST(JsonSchemaLimits, TheDeepestValueThatCanBeParsedIsChecked) {
  const std::string deepest = std::string(json_depth_max, '[') + std::string(json_depth_max, ']');
  EXPECT_TRUE(compiled(R"({"type":"array","items":{"allOf":[{"$ref":"#"}]}})").fits(json(deepest)));
}

TEST(JsonSchemaLimits, ASchemaNestedTooDeepIsRefused) {
  Json schema = true;
  for (std::size_t i = 0; i <= json_depth_max; ++i) schema = JsonObject{{"not", std::move(schema)}};
  const auto result = CompiledSchema::compile(schema);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "#: is nested deeper than 200");
  EXPECT_TRUE(CompiledSchema::compile(schema.at("not")));
}

TEST(JsonSchemaLimits, ASchemaOfTooManySubschemasIsRefused) {
  JsonArray alternatives(json_schema::blocks_max - 1, true);  // and the schema itself
  EXPECT_TRUE(CompiledSchema::compile(JsonObject{{"anyOf", alternatives}}));
  alternatives.emplace_back(true);
  const auto refused = CompiledSchema::compile(JsonObject{{"anyOf", std::move(alternatives)}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::too_large);
  EXPECT_THAT(refused.error().message, HasSubstr("has more than 200000 subschemas"));
}

TEST(JsonSchemaNumbers, DecimalsAreExactAndLargeOnesKept) {
  EXPECT_TRUE(compiled(R"({"multipleOf":0.01})").fits(json("0.07")));
  EXPECT_TRUE(compiled(R"({"multipleOf":0.01})").fits(json("1234567.89")));
  EXPECT_FALSE(compiled(R"({"multipleOf":0.01})").fits(json("0.075")));
  EXPECT_TRUE(compiled(R"({"multipleOf":1e-8})").fits(json("12391239123")));
  EXPECT_FALSE(compiled(R"({"multipleOf":0.123456789})").fits(json("1e308")));
  EXPECT_TRUE(
      compiled(R"({"type":"integer","minimum":18446744073709551615})").fits(json("18446744073709551615")));
  EXPECT_FALSE(compiled(R"({"minimum":18446744073709551615})").fits(json("18446744073709551614")));
  EXPECT_FALSE(compiled(R"({"maximum":9007199254740992})").fits(json("9007199254740993")));
  EXPECT_FALSE(compiled(R"({"multipleOf":0.5})").fits(json("1e999")));
  EXPECT_TRUE(compiled(R"({"type":"integer"})").fits(json("1.0")));
  EXPECT_TRUE(compiled(R"({"const":1})").fits(json("1.0")));
}

TEST(JsonSchemaNumbers, UniqueItemsHoldForLongLists) {
  JsonArray items;
  for (int i = 0; i < 5000; ++i) items.push_back(JsonObject{{"id", i}});
  const auto schema = compiled(R"({"uniqueItems":true})");
  EXPECT_TRUE(schema.fits(items));
  items.push_back(json(R"({"id":17.0})"));
  std::vector<std::string> out;
  EXPECT_FALSE(schema.check(items, "$", out));
  EXPECT_THAT(out, ElementsAre("$: items 17 and 5000 are equal"));
}

}  // namespace
}  // namespace poly::spec
