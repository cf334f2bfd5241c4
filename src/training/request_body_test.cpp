#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(Bodies, AreOptionalUnlessTheDocumentSaysRequired) {
  const auto function = trained_operation("requestBody: {content: {application/json: {}}}").functions.at(0);
  EXPECT_EQ(signature_of(function), "body?");
  EXPECT_TRUE(function.arguments[0].remove_if_not_present);
  EXPECT_EQ(function.arguments[0].type, "any");
}

TEST(Bodies, KeepTheNameBodyAndParametersGiveWay) {
  const auto function = trained_operation(
                            "parameters: [{name: body, in: query}], requestBody: {required: true, content: "
                            "{application/json: {}}}")
                            .functions.at(0);
  EXPECT_EQ(signature_of(function), "body2?, body");
  EXPECT_EQ(function.source.url, "https://api.example/x?body={{body2}}");
}

TEST(Bodies, PreferJsonAndSayOtherMediaTypes) {
  const auto vendor =
      trained_operation(
          "requestBody: {content: {text/plain: {}, application/merge-patch+json: {schema: {type: object}}}}")
          .functions.at(0);
  EXPECT_EQ(vendor.source.body->language, "json");
  EXPECT_EQ(vendor.source.headers,
            (std::vector<spec::KeyValue>{{"Content-Type", "application/merge-patch+json", std::nullopt}}));
  const auto xml = trained_operation("requestBody: {content: {application/xml: {schema: {type: object}}}}")
                       .functions.at(0);
  EXPECT_EQ(xml.source.body->language, "xml");
  EXPECT_EQ(xml.arguments.at(0).type, "string");
  const auto anything =
      trained_operation("requestBody: {content: {'*/*': {schema: {type: string, format: binary}}}}")
          .functions.at(0);
  EXPECT_EQ(anything.source.body->mode, spec::BodyMode::file);
}

TEST(Bodies, OfWhatIsNoMediaTypeRefuseTheOperation) {
  EXPECT_EQ(refusal(trained_operation("requestBody: {content: {\"a/b\\r\\nX: y\": {}}}")),
            "'a/b\r\nX: y' is not a media type");
  EXPECT_EQ(refusal(trained_operation("responses: {200: {content: {json: {}}}}")),
            "'json' is not a media type");
}

TEST(Bodies, OfFormsWithoutFieldsRefuseTheOperation) {
  EXPECT_EQ(
      refusal(trained_operation("requestBody: {content: {multipart/form-data: {schema: {type: object}}}}")),
      "its multipart/form-data body names no fields");
}

TEST(Bodies, OfOptionalFormsHaveOptionalFields) {
  const auto function = trained_operation(
                            "requestBody: {content: {application/x-www-form-urlencoded: {schema: {required: "
                            "[a], properties: {a: {type: array}, b: {}}}, "
                            "encoding: {a: {style: spaceDelimited, explode: false}}}}}")
                            .functions.at(0);
  EXPECT_EQ(signature_of(function), "a?, b?");
  EXPECT_EQ(function.arguments[0].serialization, (spec::Serialization{"spaceDelimited", false}));
}

}  // namespace
}  // namespace poly::training
