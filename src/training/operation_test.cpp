#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(Operations, TakenNamesGetANumberInTheOrderOfTheDocument) {
  const auto input =
      trained(with_head("paths:\n"
                        "  /a: {get: {operationId: list_all}, post: {operationId: listAll}}\n"
                        "  /b: {get: {operationId: pets}, put: {tags: [pets], operationId: x}}\n"));
  std::vector<std::string> names;
  for (const auto& function : input.functions) names.push_back(function.head.path());
  EXPECT_EQ(names, (std::vector<std::string>{"test.listAll", "test.listAll2", "test.pets2", "test.pets.x"}));
}

TEST(Operations, SummaryAndDescriptionAreBothKeptUpToALimit) {
  EXPECT_EQ(trained_operation("summary: Run, description: It runs.").functions[0].head.description,
            "Run\n\nIt runs.");
  EXPECT_EQ(trained_operation("summary: Run, description: Run it.").functions[0].head.description, "Run it.");
  std::string text;
  while (text.size() < 9'000) text += "é";
  const auto cut = trained_operation("summary: " + text).functions[0].head.description;
  EXPECT_LE(cut.size(), 8u * 1024);
  EXPECT_TRUE(cut.ends_with("é…"));
}

TEST(Operations, EndAtTheirLimit) {
  const auto document_with = [](std::size_t operations) {
    std::string paths = R"({"openapi":"3.0.0","info":{},"servers":[{"url":"https://a.example"}],"paths":{)";
    for (std::size_t i = 0; i < operations; ++i) {
      paths += (i ? ",\"/" : "\"/") + std::to_string(i) + "\":{\"get\":{}}";
    }
    return paths + "}}";
  };
  EXPECT_EQ(trained(document_with(operations_max)).functions.size(), operations_max);
  EXPECT_EQ(train_openapi(document_with(operations_max + 1), {}).error().kind, ErrorKind::too_large);
}

TEST(Operations, OfAMethodThatIsNotSentAreRefused) {
  const auto input = trained(with_head("paths: {/x: {trace: {}, get: {}}}"));
  ASSERT_EQ(input.functions.size(), 1u);
  EXPECT_EQ(input.functions[0].source.method, "GET");
  EXPECT_EQ(refusal(input),
            "TRACE requests are not sent: their answer repeats the request with its credentials");
}

TEST(Operations, MembersOfAWrongKindAreNamed) {
  EXPECT_EQ(refusal(trained_operation("parameters: {a: 1}")), "`parameters` must be a list, got object");
  EXPECT_EQ(refusal(trained_operation("responses: []")), "`responses` must be an object, got array");
  EXPECT_EQ(refusal(trained_operation("deprecated: yes")), "`deprecated` must be true or false, got string");
  EXPECT_EQ(refusal(trained(with_head("paths: {/x: {get: 3}, /y: }"))), "the operation is not an object");
  EXPECT_EQ(refusal(trained_operation("parameters: , responses: ")), "");
}

}  // namespace
}  // namespace poly::training
