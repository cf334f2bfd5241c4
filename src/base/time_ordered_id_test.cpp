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

TEST(TimeOrderedId, SortsInTheOrderOfMakingWithinOneMillisecond) {
  const ManualClock clock(Timestamp(std::chrono::milliseconds(1'000)));
  TimeOrderedIdSource ids(clock);
  auto before = ids.next();
  for (int made = 1; made < 4'096; ++made) {
    const auto id = ids.next();
    ASSERT_GT(id, before) << "id number " << made + 1;
    before = id;
  }
}

}  // namespace
}  // namespace poly
