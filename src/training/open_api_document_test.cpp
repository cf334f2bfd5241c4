#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(OpenApiDocument, SaysWhatItIsWhenItIsNotOpenApi3) {
  EXPECT_EQ(error_of_training("swagger: '2.0'\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: it is a Swagger 2.0 document");
  EXPECT_EQ(train_openapi("swagger: '2.0'\n", {.context = ""}).error().code, openapi_2_code);
  EXPECT_EQ(error_of_training("a: 1\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: it has no `openapi` field");
  EXPECT_EQ(error_of_training("[]"),
            "This is not an OpenAPI 3.0 or 3.1 document: it is one array, not an object");
  EXPECT_EQ(error_of_training("openapi: 3.0.0\ninfo: {}\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: `paths` is missing");
  EXPECT_EQ(error_of_training("openapi: 3.1.0\npaths: {}\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: `info` is missing");
  EXPECT_EQ(error_of_training("openapi: 4.0.0\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: version '4.0.0' is not supported");
  EXPECT_TRUE(error_of_training("openapi: 3.1\n").contains("put it in quotes"));
  EXPECT_TRUE(error_of_training("openapi: 3.1.0\ninfo: {}\npaths: []\n")
                  .contains("`paths` must be an object, got array"));
  EXPECT_TRUE(error_of_training("asyncapi: 2.0.0\n").contains("AsyncAPI"));
  EXPECT_TRUE(
      error_of_training(R"({"info":{"schema":"https://schema.getpostman.com/x"}})").contains("Postman"));
}

}  // namespace
}  // namespace poly::training
