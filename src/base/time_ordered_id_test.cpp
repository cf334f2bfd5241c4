#include "base/time_ordered_id.hpp"

#include <gtest/gtest.h>

namespace poly {
namespace {

TEST(TimeOrderedId, StartsWithTheTimeAndSaysItsVersion) {
  // The example of RFC 9562, appendix A.6.
  const ManualClock clock(Timestamp(std::chrono::milliseconds(0x017F22E279B0)));
  TimeOrderedIdSource ids(clock);
  const auto text = ids.next().text();
  EXPECT_EQ(text.substr(0, 15), "017f22e2-79b0-7");
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
}

TEST(TimeOrderedId, SortsByTimeAndDiffersWithinOneMillisecond) {
  ManualClock clock(Timestamp(std::chrono::milliseconds(1'000)));
  TimeOrderedIdSource ids(clock);
  const auto first = ids.next();
  EXPECT_NE(ids.next(), first);
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_GT(ids.next().text(), first.text());
}

}  // namespace
}  // namespace poly
