#include "execution/call_arguments.hpp"

#include <gtest/gtest.h>

namespace poly::execution {
namespace {

CallArguments read(std::string text) {
  return CallArguments::parse(std::move(text), "the request body");
}

TEST(CallArguments, AreHandedOnAsTheyCame) {
  const std::string text = R"({ "n": 12345678901234567890123, "d": 1.0, "a": [1,  2] })";
  auto arguments = read(text);
  EXPECT_EQ(arguments.value().at("d").as_double(), 1.0);
  EXPECT_EQ(arguments.text(), text);
  EXPECT_EQ(arguments.take_text(), text);
}

TEST(CallArguments, AreWrittenAnewOnceTheyAreChanged) {
  auto arguments = read(R"({ "a": 1 })");
  arguments.change().get_object()["a"] = 2;
  EXPECT_EQ(arguments.text(), "");
  EXPECT_EQ(arguments.take_text(), R"({"a":2})");
  EXPECT_EQ(CallArguments(JsonObject{{"b", 1}}).take_text(), R"({"b":1})");
}

// The values lie in memory that goes with them, so both have to move together.
TEST(CallArguments, KeepTheirValuesWhereverTheyAreMoved) {
  const std::string long_text(20'000, 'x');
  auto first = read(R"({"text":")" + long_text + R"(","list":[1,2,3]})");
  auto second = std::move(first);
  first = read(R"({"other":true})");
  EXPECT_EQ(second.value().at("text").as_string(), long_text);
  second = std::move(first);
  EXPECT_EQ(second.take_text(), R"({"other":true})");
  JsonObject named{{"kept", read(R"(["out of its memory"])").value()}};
  second = CallArguments(std::move(named));
  EXPECT_EQ(second.take_text(), R"({"kept":["out of its memory"]})");
}

TEST(CallArguments, ThatAreNoJsonAreRefusedByName) {
  try {
    read(R"({"a":)");
    FAIL() << "half an object was taken";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::bad_request);
    EXPECT_TRUE(failure.error().message.starts_with("the request body is not valid JSON"))
        << failure.error().message;
  }
}

}  // namespace
}  // namespace poly::execution
