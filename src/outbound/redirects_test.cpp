#include "outbound/redirects.hpp"

#include <gtest/gtest.h>

namespace poly::outbound {
namespace {

std::string from_list(std::string_view location) {
  const auto here = http::parse_url("https://api.example.com:8443/v1/list?page=1").value();
  const auto found = resolve_address(here, location);
  return found ? found->text() : "none";
}

TEST(ResolveAddress, ReadsALocationAsSeenFromTheRequest) {
  EXPECT_EQ(from_list("http://other.example/a?b=c"), "http://other.example/a?b=c");
  EXPECT_EQ(from_list("//other.example/a"), "https://other.example/a");
  EXPECT_EQ(from_list("/a/b?c"), "https://api.example.com:8443/a/b?c");
  EXPECT_EQ(from_list("item"), "https://api.example.com:8443/v1/item");
  EXPECT_EQ(from_list("../item"), "https://api.example.com:8443/item");
  EXPECT_EQ(from_list("?page=2"), "https://api.example.com:8443/v1/list?page=2");
}

TEST(ResolveAddress, TakesNoAddressInAQueryForItsOwn) {
  EXPECT_EQ(from_list("/login?next=https://other.example/"),
            "https://api.example.com:8443/login?next=https://other.example/");
}

TEST(ResolveAddress, ForgivesWhatPeopleWriteAndDropsAFragment) {
  EXPECT_EQ(from_list("/a b#part"), "https://api.example.com:8443/a%20b");
}

TEST(ResolveAddress, RefusesWhatIsNoAddressOfHttp) {
  for (const auto* other : {"ftp://other.example/", "http://", "javascript:alert(1)"})
    EXPECT_EQ(from_list(other), "none") << other;
}

}  // namespace
}  // namespace poly::outbound
