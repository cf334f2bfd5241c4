#include "outbound/next_page.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace poly::outbound {
namespace {

Json json(std::string_view text) {
  return parse_json(text, "test").value();
}

TEST(NextPage, IsWhereTheCursorPoints) {
  const spec::Pagination by{
      .style = spec::PaginationStyle::cursor, .items = "/data", .argument = "after", .next = "/page/next"};
  EXPECT_EQ(next_argument(by, json(R"({"data":[],"page":{"next":"b"}})"), nullptr), Json("b"));
  EXPECT_EQ(next_argument(by, json(R"({"data":[],"page":{"next":17}})"), "b"), Json(17));
  for (const auto* last :
       {R"({"page":{"next":null}})", R"({"page":{"next":""}})", R"({"page":{}})", R"([])",
        R"({"page":{"next":"b"}})", R"({"page":{"next":false}})", R"({"page":{"next":{}}})"}) {
    EXPECT_EQ(next_argument(by, json(last), "b"), std::nullopt) << last;
  }
}

TEST(NextPage, IsTheNumberAfterUntilAPageIsEmpty) {
  const spec::Pagination by{
      .style = spec::PaginationStyle::page, .items = "", .argument = "page", .first = 1};
  EXPECT_EQ(next_argument(by, json("[1]"), nullptr), Json(2));
  EXPECT_EQ(next_argument(by, json("[1]"), 7), Json(8));
  EXPECT_EQ(next_argument(by, json("[1]"), "7"), Json(8));
  EXPECT_EQ(next_argument(by, json("[]"), 7), std::nullopt);
}

TEST(NextPage, BeginsAfterTheItemsThatCame) {
  const spec::Pagination by{.style = spec::PaginationStyle::offset, .items = "/items", .argument = "offset"};
  EXPECT_EQ(next_argument(by, json(R"({"items":[1,2,3]})"), nullptr), Json(3));
  EXPECT_EQ(next_argument(by, json(R"({"items":[1,2]})"), 3), Json(5));
}

TEST(NextPage, NeedsItemsWhereTheyAreSaidToBe) {
  const spec::Pagination by{.style = spec::PaginationStyle::page, .items = "/a/b"};
  for (const auto* other : {"[]", R"({"a":{"b":{}}})", "null", R"({"a":[1]})"})
    EXPECT_THROW(items_of(by, json(other)), Failure) << other;
  EXPECT_EQ(items_of(by, json(R"({"a":{"b":[1]}})")).size(), 1u);
}

TEST(NextPage, IsTheLinkWithTheRelation) {
  EXPECT_EQ(next_link(R"(<https://a/?page=3>; rel="next", <https://a/?page=9>; rel="last")"),
            "https://a/?page=3");
  EXPECT_EQ(next_link(R"(</x,y>; title="a, b; rel=next"; rel=prev, <?p=2>; title="x"; REL="last Next")"),
            "?p=2");
  EXPECT_EQ(next_link("<a>;rel=next;x=y"), "a");
  for (const auto* none : {"", "<a>", "<a>; rel=\"nextish\"", "<a; rel=next", "rel=next",
                           "<a>; rel=\"prev\", <b>; title=\"rel=next\""})
    EXPECT_EQ(next_link(none), std::nullopt) << none;
}

}  // namespace
}  // namespace poly::outbound
