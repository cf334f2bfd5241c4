#include "http/url.hpp"

#include <gtest/gtest.h>

#include "http/content_type.hpp"
#include "http/percent.hpp"

namespace poly::http {
namespace {

TEST(Url, TakesTheParts) {
  struct Case {
    std::string_view text;
    Url url;
  };
  const Case cases[] = {
      {"http://example.com", {{Scheme::http, "example.com", 80}, "/"}},
      {"HTTPS://Example.COM/A?b=c#d", {{Scheme::https, "example.com", 443}, "/A?b=c"}},
      {"http://127.0.0.1:8080/x/", {{Scheme::http, "127.0.0.1", 8080}, "/x/"}},
      {"http://[::1]:81?q", {{Scheme::http, "::1", 81}, "/?q"}},
      {"http://a_b.example/", {{Scheme::http, "a_b.example", 80}, "/"}},
      {"https://h:/%41?x=%2F", {{Scheme::https, "h", 443}, "/%41?x=%2F"}},
  };
  for (const auto& [text, url] : cases) {
    const auto parsed = parse_url(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, url) << text << " became " << parsed->text();
  }
}

TEST(Url, EncodesWhatPeopleWrite) {
  const auto parsed = parse_url("http://h/a b/ü?filter[name]={x}|\"y\"");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->target, "/a%20b/%C3%BC?filter%5Bname%5D=%7Bx%7D%7C%22y%22");
}

TEST(Url, RefusesWithAReason) {
  struct Case {
    std::string_view text;
    std::string_view reason;
  };
  const Case cases[] = {
      {"", "not an absolute URL"},
      {"/path", "not an absolute URL"},
      {"example.com/x", "not an absolute URL"},
      {"ftp://example.com/", "neither http nor https"},
      {"http:///x", "the host is missing"},
      {"http://h:0/", "port is not between"},
      {"http://h:65536/", "port is not between"},
      {"http://h:x/", "not an absolute URL"},
      {"http://h/%zz", "not an absolute URL"},
      {"http://a b/", "not an absolute URL"},
      {"http://a%0d%0ab/", "characters that no host name has"},
      {"http://h\r\nX: y/", "not an absolute URL"},
  };
  for (const auto& [text, reason] : cases) {
    const auto parsed = parse_url(text);
    ASSERT_FALSE(parsed) << text << " became " << parsed->text();
    EXPECT_EQ(parsed.error().kind, ErrorKind::bad_request);
    EXPECT_NE(parsed.error().message.find(reason), std::string::npos) << parsed.error().message;
  }
}

TEST(Url, ShowsNoPasswordInItsError) {
  const auto parsed = parse_url("https://user:hunter2@example.com/");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message.find("hunter2"), std::string::npos);
  EXPECT_NE(parsed.error().message.find("credentials"), std::string::npos);
}

TEST(Url, WritesTheHostHeader) {
  EXPECT_EQ(parse_url("http://h:80/")->origin.authority(), "h");
  EXPECT_EQ(parse_url("https://h:80/")->origin.authority(), "h:80");
  EXPECT_EQ(parse_url("http://[fe80::1]:90/a")->text(), "http://[fe80::1]:90/a");
}

TEST(Percent, EncodesForItsPlace) {
  EXPECT_EQ(encode_path_segment("a/b ?#%ü"), "a%2Fb%20%3F%23%25%C3%BC");
  EXPECT_EQ(encode_path_segment(".."), "%2E%2E");
  EXPECT_EQ(encode_query_part("a&b=c+d e"), "a%26b%3Dc%2Bd%20e");
  EXPECT_EQ(encode_stray("/a b?c=%20&d=[]"), "/a%20b?c=%20&d=%5B%5D");
}

TEST(Percent, DecodesAndLeavesWhatIsNoEscape) {
  EXPECT_EQ(decode_percent("a%2Fb+c%C3%BC"), "a/b+cü");
  EXPECT_EQ(decode_percent("%4"), "%4");
  EXPECT_EQ(decode_percent("100%"), "100%");
  EXPECT_EQ(decode_percent("%zz"), "%zz");
  EXPECT_EQ(decode_percent("%41"), "A");
}

TEST(Percent, RoundTripsEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(decode_percent(encode_path_segment(all)), all);
  EXPECT_EQ(parse_query(encode_query_part(all) + "=" + encode_query_part(all)), (QueryPairs{{all, all}}));
}

TEST(Percent, ReadsQueryPairs) {
  EXPECT_EQ(parse_query("a=1&b=x+y&&c&=d&e=f=g&a=%31"),
            (QueryPairs{{"a", "1"}, {"b", "x y"}, {"c", ""}, {"", "d"}, {"e", "f=g"}, {"a", "1"}}));
  EXPECT_TRUE(parse_query("").empty());
}

TEST(ContentType, KnowsJson) {
  for (const auto* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/problem+json", "text/json"}) {
    EXPECT_TRUE(is_json(type)) << type;
  }
  for (const auto* type : {"", "text/plain", "application/jsonp", "application/x-json-not"})
    EXPECT_FALSE(is_json(type)) << type;
  EXPECT_TRUE(is_form("application/x-www-form-urlencoded;charset=UTF-8"));
}

TEST(ContentType, FindsAParameter) {
  EXPECT_EQ(parameter_of("text/html; Charset=UTF-8", "charset"), "UTF-8");
  EXPECT_EQ(parameter_of(R"(multipart/form-data; x="a;charset=no\"b"; boundary="q r")", "boundary"), "q r");
  EXPECT_EQ(parameter_of(R"(multipart/form-data; x="a;charset=no\"b")", "x"), "a;charset=no\"b");
  EXPECT_EQ(parameter_of(R"(multipart/form-data; x="a;charset=no")", "charset"), "");
  EXPECT_EQ(parameter_of("text/html;", "charset"), "");
}

}  // namespace
}  // namespace poly::http
