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

TEST(Operations, MembersOfAWrongKindAreNamed) {
  EXPECT_EQ(refusal(trained_operation("parameters: {a: 1}")), "`parameters` must be a list, got object");
  EXPECT_EQ(refusal(trained_operation("responses: []")), "`responses` must be an object, got array");
  EXPECT_EQ(refusal(trained_operation("deprecated: yes")), "`deprecated` must be true or false, got string");
  EXPECT_EQ(refusal(trained(with_head("paths: {/x: {get: 3}, /y: }"))), "the operation is not an object");
  EXPECT_EQ(refusal(trained_operation("parameters: , responses: ")), "");
}

}  // namespace
}  // namespace poly::training
