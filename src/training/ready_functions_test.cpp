#include "training/ready_functions.hpp"

#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

SpecificationInput trained_ready(const std::string& functions) {
  const auto json = value_or_throw(parse_json(R"({"title":"T","functions":[)" + functions + "]}", "test"));
  return value_or_throw(train_ready(value_or_throw(decode<ReadyFunctions>(json))));
}

// One that sends XML, with one argument of that type.
std::string soap(const std::string& type) {
  return R"({"name":"f","context":"a","arguments":[{"name":"x","type":")" + type +
         R"("}],"source":{"url":"https://a.example","method":"POST","body":{"mode":"raw","language":"xml",)"
         R"("raw":"<a>{{x}}</a>"}},"returnType":"object","returnTypeSchema":{"type":"object"},)"
         R"("otherReturnTypes":[{"statusCode":"500","type":"object","schema":{"type":"object"}}]})";
}

TEST(ReadyFunctions, AreNamedApartAndThoseThatCannotBePublishedRefused) {
  const std::string good =
      R"({"name":"f","context":"a","source":{"url":"https://a.example","method":"GET"}})";
  const auto input =
      trained_ready(good + "," + good + R"(,{"name":"g","source":{"url":"x","method":"GET"}})");
  EXPECT_EQ(input.functions.at(0).head.name, "f");
  EXPECT_EQ(input.functions.at(1).head.name, "f2");
  EXPECT_EQ(input.report->operations, 3);
  EXPECT_TRUE(refusal(input).starts_with("source.url: must start with")) << refusal(input);
}

TEST(ReadyFunctions, OfXmlTakeTextsAndGiveText) {
  const auto input = trained_ready(soap("integer"));
  EXPECT_EQ(input.functions.at(0).return_type, "string");
  EXPECT_TRUE(input.functions.at(0).return_type_schema.empty());
  EXPECT_EQ(input.functions.at(0).other_return_types.at(0).type, "string");
  EXPECT_EQ(refusal(trained_ready(soap("object"))),
            "its argument 'x' is an object, and calls write only texts into XML");
}

}  // namespace
}  // namespace poly::training
