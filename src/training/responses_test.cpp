#include "training/responses.hpp"

#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

const spec::ApiFunction returning(const std::string& responses) {
  return trained_operation("responses: {" + responses + "}").functions.at(0);
}

TEST(Responses, AreRankedBySuccess) {
  EXPECT_EQ(returning("default: {content: {application/json: {schema: {type: object}}}}, 202: {content: "
                      "{application/json: {schema: {type: string}}}}")
                .return_type,
            "string");
  EXPECT_EQ(returning("2XX: {content: {application/json: {schema: {type: number}}}}").return_type, "number");
  EXPECT_EQ(returning("default: {content: {application/json: {schema: {type: boolean}}}}").return_type,
            "boolean");
  EXPECT_EQ(returning("204: {}, 404: {content: {application/json: {schema: {type: string}}}}").return_type,
            "void");
  EXPECT_EQ(returning("302: {}").return_type, "void");
  EXPECT_EQ(returning("").return_type, "any");
  EXPECT_EQ(returning("200: {content: {application/hal+json: {schema: {type: object}}, text/html: {}}}")
                .source.headers,
            (std::vector<spec::KeyValue>{{"Accept", "application/hal+json", std::nullopt}}));
}

TEST(Responses, OfOtherStatusesEndAtTheirLimit) {
  std::string responses = "200: {}";
  for (int status = 400; status < 426; ++status) {
    responses += ", " + std::to_string(status) + ": {content: {application/json: {}}}";
  }
  const auto input = trained_operation("responses: {" + responses + "}");
  EXPECT_EQ(input.functions.at(0).other_return_types.size(), 24u);
  EXPECT_EQ(input.report->warnings.at(0).reason,
            "2 statuses are left out: at most 24 have types of their own");
}

TEST(Responses, OfOtherStatusesLoseASchemaPastItsLimit) {
  const auto other = [](std::size_t pattern_bytes) {
    return returning("404: {content: {application/json: {schema: {type: string, pattern: " +
                     std::string(pattern_bytes, 'a') + "}}}}")
        .other_return_types.at(0);
  };
  const auto frame_bytes = std::string_view(R"({"type":"string","pattern":""})").size();
  EXPECT_FALSE(other(other_return_schema_bytes_max - frame_bytes).schema.empty());
  EXPECT_TRUE(other(other_return_schema_bytes_max - frame_bytes + 1).schema.empty());
}

TEST(Types, AreReadThroughReferencesAndParts) {
  const auto type_for = [](const std::string& schema) {
    return returning("200: {content: {application/json: {schema: " + schema + "}}}").return_type;
  };
  EXPECT_EQ(type_for("{allOf: [{description: x}, {type: object}]}"), "object");
  EXPECT_EQ(type_for("{oneOf: [{type: string}, {type: 'null'}]}"), "string");
  EXPECT_EQ(type_for("{anyOf: [{type: string}, {type: number}]}"), "any");
  EXPECT_EQ(type_for("{enum: [1, 2, null]}"), "number");
  EXPECT_EQ(type_for("{properties: {a: {}}}"), "object");
  EXPECT_EQ(type_for("{items: {}}"), "array");
  EXPECT_EQ(type_for("{}"), "any");
}

}  // namespace
}  // namespace poly::training
