#include "spec/json_schema_format.hpp"

#include <string>

#include <gtest/gtest.h>

namespace poly::spec::json_schema {
namespace {

struct Samples {
  const char* format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(Format, EachWordKnowsGoodFromBad) {
  const std::vector<Samples> all{
      {"date-time",
       {"2024-02-29T12:00:00Z", "1990-12-31T15:59:60-08:00", "2024-01-01t00:00:00.123456789z"},
       {"2023-02-29T12:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
        "2024-01-01T12:00:60Z", "2024-01-01T00:00:00.Z", "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00+24:00"}},
      {"date", {"2024-02-29"}, {"2023-02-29", "24-01-01", "2024-1-1", "2024-01-01Z", "2024-13-01"}},
      {"time", {"23:59:60Z", "08:30:06.5+00:20"}, {"08:30:06", "22:59:60Z", "8:30:06Z", "08:30:06 PST"}},
      {"duration",
       {"P4DT12H30M5S", "P1Y", "PT0S", "P2W"},
       {"P", "PT", "P1YT", "1Y", "P2D1Y", "P1Y2W", "PT1D"}},
      {"email",
       {"ada@example.org", "te~st@example.com", "\"joe bloggs\"@example.com", "joe@[127.0.0.1]",
        "joe@[IPv6:::1]"},
       {"ada", "@example.org", ".a@example.org", "a..b@example.org", "joe@[127.0.0.300]", "a@exa_mple.org"}},
      {"hostname",
       {"example.org", "xn--4gbwdl.xn--wgbh1c", "1host"},
       {"-a.org", "a-.org", "a_b", "", std::string(64, 'a')}},
      {"ipv4", {"192.168.0.1"}, {"256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4/24", "0x7f.1.1.1"}},
      {"ipv6", {"::1", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8"}, {"12345::", "1::2::3", "::1%eth0", ":1"}},
      {"uri",
       {"https://a.org/b?c#d", "urn:isbn:1", "mailto:a@b.c"},
       {"//a.org", "/b", "a b", "https://a.org/ b", ":a"}},
      {"uri-reference", {"/b?c#d", "//a.org", "#x", ""}, {"\\\\WINDOWS", "#a\\b"}},
      {"uuid", {"2EB8AA08-AA98-11EA-B4AA-73B441D16380"}, {"2eb8aa08aa9811eab4aa73b441d16380", "x"}},
      {"json-pointer", {"", "/a~1b/0", "/é"}, {"a", "/a~2", "/~"}},
      {"relative-json-pointer", {"0", "1/a", "0#"}, {"/a", "-1/a", "01", "0##"}},
      {"regex", {"^a(?=b)$", "[a-z]"}, {"^(abc]", "\\a"}},
  };
  for (const auto& [format, good, bad] : all) {
    const auto check = format_check(format);
    ASSERT_TRUE(check) << format;
    for (const auto& text : good) EXPECT_TRUE(check(text)) << format << " " << text;
    for (const auto& text : bad) EXPECT_FALSE(check(text)) << format << " " << text;
  }
}

TEST(Format, AnUnknownWordHasNoCheck) {
  EXPECT_EQ(format_check("phone"), nullptr);
}

}  // namespace
}  // namespace poly::spec::json_schema
