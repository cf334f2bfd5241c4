#include "gateway/java_code.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace poly::gateway {
namespace {

TEST(JavaCode, HoldsTheSourceAndTheNameOfItsMethod) {
  const auto code = java_code(R"({"packageName":"crm","className":"Orders","methodName":"place",)"
                              R"("params":"int","availableContexts":"-","code":"class Orders {}"})");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->source, "class Orders {}");
  EXPECT_EQ(code->method, "place");
}

TEST(JavaCode, PlainSourceIsNone) {
  EXPECT_FALSE(java_code("public class Orders { public int place() { return 1; } }"));
  EXPECT_FALSE(java_code(""));
}

TEST(JavaCode, WithoutItsSourceIsRefusedWithTheField) {
  try {
    java_code(R"({"methodName":"place"})");
    FAIL() << "was accepted";
  } catch (const Failure& failure) {
    EXPECT_NE(std::string(failure.what()).find("code"), std::string::npos);
  }
}

}  // namespace
}  // namespace poly::gateway
