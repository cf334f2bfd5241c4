#include "cli/server_timing.hpp"

#include <gtest/gtest.h>

namespace poly::cli {
namespace {

TEST(ServerTiming, IsReadAsAnObjectAndALine) {
  const auto timing = ServerTiming::parse("resolve;dur=0.250, first-byte;dur=12.340, total;dur=13, reused");
  EXPECT_EQ(
      to_text(timing.document()),
      to_text(JsonObject{{"resolveMs", 0.25}, {"firstByteMs", 12.34}, {"totalMs", 13.0}, {"reused", true}}));
  EXPECT_EQ(timing.line(), "resolve 0.2 ms, first byte 12.3 ms, total 13.0 ms, on an open connection");
}

TEST(ServerTiming, TakesWhatAProxyAddsAndLeavesOutWhatHasNoNumber) {
  const auto timing = ServerTiming::parse("cache;desc=\"hit\";dur=2.5,odd;dur=x , ,edge");
  ASSERT_EQ(timing.milliseconds.size(), 1U);
  EXPECT_EQ(timing.milliseconds[0], std::pair(std::string("cache"), 2.5));
  EXPECT_FALSE(timing.reused);
}

TEST(ServerTiming, IsEmptyWithoutAHeader) {
  EXPECT_TRUE(ServerTiming::parse("").empty());
}

}  // namespace
}  // namespace poly::cli
