#include "outbound/request_plan.hpp"

#include <gtest/gtest.h>

#include "outbound/envelope.hpp"

namespace poly::outbound {
namespace {

JsonObject object(std::string_view text) {
  return parse_json(text, "test").value().as_object();
}

spec::ApiArgument argument(std::string name) {
  spec::ApiArgument made;
  made.name = std::move(name);
  return made;
}

spec::ApiArgument optional_argument(std::string name) {
  auto made = argument(std::move(name));
  made.required = false;
  made.remove_if_not_present = true;
  return made;
}

spec::ApiFunction get(std::string url) {
  spec::ApiFunction function;
  function.source.url = std::move(url);
  return function;
}

spec::ApiFunction post(spec::ApiBody body) {
  auto function = get("https://api.example.com/things");
  function.source.method = "POST";
  function.source.body = std::move(body);
  return function;
}

spec::ApiBody raw(std::string text, std::string language = "json") {
  return {.mode = spec::BodyMode::raw,
          .raw = std::move(text),
          .language = std::move(language),
          .urlencoded = {},
          .formdata = {}};
}

http::ClientRequest rendered(const spec::ApiFunction& function, std::string_view arguments) {
  const auto values = object(arguments);
  return RequestPlan(function).render(Arguments(values));
}

TEST(RequestPlan, EncodesAnArgumentForItsPlaceInTheUrl) {
  const auto request = rendered(get("https://api.example.com/a/{{id}}/b?q={{text}}"),
                                R"({"id":"x/../y?z#","text":"a&b=c d"})");
  EXPECT_EQ(request.url.target, "/a/x%2F..%2Fy%3Fz%23/b?q=a%26b%3Dc%20d");
}

TEST(RequestPlan, RefusesAHostThatIsMoreThanAHost) {
  const auto function = get("https://{{tenant}}.example.com/");
  EXPECT_EQ(rendered(function, R"({"tenant":"acme"})").url.origin.host, "acme.example.com");
  for (const auto* evil : {R"({"tenant":"evil.com/"})", R"({"tenant":"a@evil.com"})", R"({"tenant":""})",
                           R"({"tenant":"x#"})"}) {
    EXPECT_THROW(rendered(function, evil), Failure) << evil;
  }
}

TEST(RequestPlan, TakesTheWholeHostFromAnArgumentInFront) {
  EXPECT_EQ(rendered(get("{{hostUrl}}/v1"), R"({"hostUrl":"http://crm.internal:8080"})").url.text(),
            "http://crm.internal:8080/v1");
  EXPECT_THROW(rendered(get("{{hostUrl}}/v1"), R"({"hostUrl":"not a url"})"), Failure);
}

TEST(RequestPlan, LeavesOutWhatWasNotGiven) {
  auto function = get("https://api.example.com/?a={{a}}&b={{b}}&fixed=1");
  function.arguments = {optional_argument("a"), optional_argument("b")};
  EXPECT_EQ(rendered(function, R"({"b":2})").url.target, "/?b=2&fixed=1");
  EXPECT_EQ(rendered(function, R"({"a":null})").url.target, "/?fixed=1");
}

TEST(RequestPlan, WritesArraysAndObjectsInTheirStyle) {
  const auto target = [](std::optional<std::string> style, std::optional<bool> explode,
                         std::string_view value) {
    auto function = get("https://api.example.com/?q={{q}}");
    auto list = argument("q");
    list.serialization = spec::Serialization{std::move(style), explode};
    function.arguments = {list};
    return rendered(function, std::string(R"({"q":)") + std::string(value) + "}").url.target;
  };
  EXPECT_EQ(target({}, {}, R"(["a","b"])"), "/?q=a&q=b");
  EXPECT_EQ(target("form", false, R"(["a","b"])"), "/?q=a,b");
  EXPECT_EQ(target("pipeDelimited", false, R"(["a","b"])"), "/?q=a%7Cb");
  EXPECT_EQ(target("deepObject", true, R"({"x":1})"), "/?q%5Bx%5D=1");
  EXPECT_EQ(target({}, {}, R"({"x":1,"y":2})"), "/?x=1&y=2");
}

TEST(RequestPlan, RefusesALineBreakInAHeader) {
  auto function = get("https://api.example.com/");
  function.source.headers = {{"X-Note", "{{note}}", {}}};
  EXPECT_EQ(rendered(function, R"({"note":"fine"})").headers.get("x-note"), "fine");
  EXPECT_THROW(rendered(function, R"({"note":"a\r\nX-Evil: 1"})"), Failure);
}

TEST(RequestPlan, SendsCredentialsInTheirForm) {
  auto function = get("https://api.example.com/");
  function.source.auth = spec::ApiAuth{.type = spec::AuthType::basic,
                                       .basic = {{"username", "{{u}}", {}}, {"password", "{{p}}", {}}},
                                       .bearer = {},
                                       .apikey = {}};
  EXPECT_EQ(rendered(function, R"({"u":"me","p":"secret"})").headers.get("authorization"),
            "Basic bWU6c2VjcmV0");
  function.source.auth = spec::ApiAuth{
      .type = spec::AuthType::bearer, .basic = {}, .bearer = {{"token", "{{t}}", {}}}, .apikey = {}};
  EXPECT_EQ(rendered(function, R"({"t":"abc"})").headers.get("authorization"), "Bearer abc");
  EXPECT_EQ(rendered(function, "{}").headers.find("authorization"), nullptr);
  function.source.auth = spec::ApiAuth{.type = spec::AuthType::api_key,
                                       .basic = {},
                                       .bearer = {},
                                       .apikey = {{"key", "X-Key", {}}, {"value", "{{k}}", {}}}};
  EXPECT_EQ(rendered(function, R"({"k":"abc"})").headers.get("x-key"), "abc");
  function.source.auth->apikey.push_back({"in", "query", {}});
  EXPECT_EQ(rendered(function, R"({"k":"a b"})").url.target, "/?X-Key=a%20b");
}

TEST(RequestPlan, SendsAnApiKeyAsACookieBesideOthersAndLetsItBecomeNoOther) {
  auto function = get("https://api.example.com/");
  function.source.auth =
      spec::ApiAuth{.type = spec::AuthType::api_key,
                    .basic = {},
                    .bearer = {},
                    .apikey = {{"key", "session", {}}, {"value", "{{k}}", {}}, {"in", "cookie", {}}}};
  EXPECT_EQ(rendered(function, R"({"k":"abc"})").headers.get("cookie"), "session=abc");
  EXPECT_EQ(rendered(function, "{}").headers.find("cookie"), nullptr);
  EXPECT_THROW(rendered(function, R"({"k":"a; admin=1"})"), Failure);
  function.source.headers = {{"Cookie", "theme=dark", {}}};
  EXPECT_EQ(rendered(function, R"({"k":"abc"})").headers.get("cookie"), "theme=dark; session=abc");
}

TEST(RequestPlan, PutsArgumentsIntoJsonAsTextInsideQuotesAndAsValuesOutside) {
  const auto request = rendered(post(raw(R"({"greeting":"Hi {{name}}!","name":{{name}},"list":{{list}}})")),
                                R"({"name":"O\"Neil","list":[1,{"a":null}]})");
  EXPECT_EQ(parse_json(request.body, "body").value(),
            parse_json(R"({"greeting":"Hi O\"Neil!","name":"O\"Neil","list":[1,{"a":null}]})", "x").value());
  EXPECT_EQ(request.headers.get("content-type"), "application/json");
}

TEST(RequestPlan, PutsTextIntoXmlThatStaysTextAndTakesAWholeDocumentAsItIs) {
  const auto request = rendered(post(raw("<a b='{{b}}'>{{text}}</a>", "xml")), R"({"b":"'\"","text":"1 < 2 && 3 > 2"})");
  EXPECT_EQ(request.body, "<a b='&#39;&quot;'>1 &lt; 2 &amp;&amp; 3 &gt; 2</a>");
  EXPECT_EQ(request.headers.get("content-type"), "application/xml");
  EXPECT_EQ(rendered(post(raw("{{body}}", "xml")), R"({"body":"<a/>"})").body, "<a/>");
}

TEST(RequestPlan, DropsTheMemberOfARemovableArgument) {
  auto function = post(raw(R"({"a":{{a}},"b":{{b}}})"));
  function.arguments = {optional_argument("a"), argument("b")};
  EXPECT_EQ(rendered(function, R"({"b":1})").body, R"({"b":1})");
  EXPECT_EQ(rendered(function, "{}").body, R"({"b":null})");
}

TEST(RequestPlan, SendsNoBodyWhenItsOnlyArgumentIsMissing) {
  auto function = post(raw("{{body}}"));
  function.arguments = {optional_argument("body")};
  const auto request = rendered(function, "{}");
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.headers.find("content-type"), nullptr);
}

TEST(RequestPlan, EncodesForms) {
  spec::ApiBody form{.mode = spec::BodyMode::urlencoded,
                     .raw = {},
                     .language = {},
                     .urlencoded = {{"a", "{{a}}", {}}, {"b", "x", {}}},
                     .formdata = {}};
  const auto request = rendered(post(form), R"({"payload":{"a":"1&2"}})");
  EXPECT_EQ(request.body, "a=1%262&b=x");
  EXPECT_EQ(request.headers.get("content-type"), "application/x-www-form-urlencoded");
}

TEST(RequestPlan, SeparatesMultipartFieldsByABoundary) {
  spec::ApiBody form{.mode = spec::BodyMode::formdata,
                     .raw = {},
                     .language = {},
                     .urlencoded = {},
                     .formdata = {{"no\"te", "{{note}}", "text"}, {"f", "{{file}}", "file"}}};
  const auto request = rendered(post(form), R"({"note":"hi","file":"bytes"})");
  const std::string type(request.headers.get("content-type"));
  ASSERT_TRUE(type.starts_with("multipart/form-data; boundary="));
  const auto boundary = type.substr(type.find('=') + 1);
  EXPECT_TRUE(request.body.starts_with("--" + boundary +
                                       "\r\nContent-Disposition: form-data; name=\"no%22te\"\r\n\r\nhi\r\n"))
      << request.body;
  EXPECT_TRUE(request.body.ends_with("\r\n\r\nbytes\r\n--" + boundary + "--\r\n")) << request.body;
}

std::string envelope(std::string type, std::string body) {
  http::ClientResponse response;
  response.status = 200;
  if (!type.empty()) response.headers.add("Content-Type", std::move(type));
  response.headers.add("X-Two", "a");
  response.headers.add("x-two", "b");
  response.headers.add("Connection", "close");
  response.body = std::move(body);
  return envelope_of(response);
}

Json data_of(const std::string& text) {
  return parse_json(text, "envelope").value().at("data");
}

TEST(Envelope, PassesJsonOnAsItCame) {
  EXPECT_NE(envelope("application/json", R"({"a": 1.10})").find(R"("data":{"a": 1.10})"), std::string::npos);
}

TEST(Envelope, TurnsWhatIsNoJsonIntoText) {
  EXPECT_EQ(data_of(envelope("application/json", "{broken")), "{broken");
  EXPECT_EQ(data_of(envelope("text/plain", "12")), "12");
  EXPECT_EQ(data_of(envelope("", "12")), 12);
  EXPECT_TRUE(data_of(envelope("application/json", "")).is_null());
}

TEST(Envelope, EncodesBytesThatAreNoText) {
  EXPECT_EQ(data_of(envelope("image/png", "\xff\xfe\x01")), "//4B");
}

TEST(Envelope, JoinsRepeatedHeadersAndKeepsThoseOfTheConnection) {
  const auto headers = parse_json(envelope("text/plain", "x"), "envelope").value().at("headers");
  EXPECT_EQ(headers.at("x-two"), "a, b");
  EXPECT_EQ(find(headers, "connection"), nullptr);
}

}  // namespace
}  // namespace poly::outbound
