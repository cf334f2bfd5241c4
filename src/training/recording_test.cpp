#include "training/recording.hpp"

#include <gtest/gtest.h>

#include "training/sample_value.hpp"
#include "training/test_documents.hpp"

namespace poly::training {
namespace {

SpecificationInput recorded(const std::string& requests,
                            const OpenApiOptions& options = {.context = "test"}) {
  const auto json = value_or_throw(parse_json(R"({"title":"T","requests":[)" + requests + "]}", "test"));
  return value_or_throw(train_recording(value_or_throw(decode<Recording>(json)), options));
}

// The function that one request becomes.
spec::ApiFunction function_of(const std::string& request,
                              const OpenApiOptions& options = {.context = "test"}) {
  auto input = recorded(request, options);
  EXPECT_TRUE(input.report->refused.empty()) << refusal(input);
  return input.functions.at(0);
}

TEST(Recordings, NamesComeFromFoldersAndRequests) {
  const auto input = recorded(
      R"({"name":"Get customer","group":["Sales team","Customers"],"method":"get","url":"https://a.example/x"},)"
      R"({"name":"get-customer","group":["Sales team","Customers"],"method":"GET","url":"https://a.example/x"},)"
      R"({"name":"customers","group":["Sales team"],"method":"GET","url":"https://a.example/x"},)"
      R"({"name":"","method":"DELETE","url":"https://a.example/pets/{{pet id}}/toys"})");
  std::vector<std::string> paths;
  for (const auto& function : input.functions) paths.push_back(function.head.path());
  EXPECT_EQ(paths, (std::vector<std::string>{"test.salesTeam.customers.getCustomer",
                                             "test.salesTeam.customers.getCustomer2",
                                             "test.salesTeam.customers2", "test.deletePetsByPetIdToys"}));
  EXPECT_EQ(input.functions.at(0).source.method, "GET");
}

TEST(Recordings, VariablesBecomeArgumentsWithTheTypesOfTheirValues) {
  const auto function = function_of(
      R"({"name":"f","method":"GET","url":"https://a.example/c/{{customer id}}?expand={{expand}}&v=2",)"
      R"("headers":[{"key":"X-Trace","value":"t-{{trace}}"}],)"
      R"("variables":{"customer id":{"value":"17","description":"Whose"},"expand":{"value":true}}})");
  EXPECT_EQ(function.source.url, "https://a.example/c/{{customerId}}?expand={{expand}}&v=2");
  EXPECT_EQ(signature_of(function), "customerId, expand, trace");
  EXPECT_EQ(argument_of(function, "customerId").type, "integer");
  EXPECT_EQ(argument_of(function, "customerId").description, "Whose");
  EXPECT_EQ(argument_of(function, "expand").type, "boolean");
  EXPECT_EQ(argument_of(function, "trace").type, "string");
  EXPECT_EQ(function.source.headers, (std::vector<spec::KeyValue>{{"X-Trace", "t-{{trace}}", std::nullopt}}));
}

TEST(Recordings, TheHostIsWhatItsVariableStoodForOrAnArgument) {
  const std::string known =
      R"({"name":"f","method":"GET","url":"{{base}}/x","variables":{"base":{"value":"https://a.example/v1/"}}})";
  const std::string unknown = R"({"name":"f","method":"GET","url":"{{base}}/x"})";
  EXPECT_EQ(function_of(known).source.url, "https://a.example/v1/x");
  EXPECT_EQ(function_of(unknown).source.url, "{{hostUrl}}/x");
  EXPECT_EQ(signature_of(function_of(unknown)), "hostUrl");
  EXPECT_EQ(function_of(unknown, {.context = "test", .host_url = "https://b.example"}).source.url,
            "https://b.example/x");
  EXPECT_EQ(function_of(known, {.context = "test", .host_url_as_argument = "server"}).source.url,
            "{{server}}/v1/x");
  EXPECT_EQ(function_of(R"({"name":"f","method":"GET","url":"https://{{region}}.a.example/x"})").source.url,
            "https://{{region}}.a.example/x");
  EXPECT_EQ(function_of(R"({"name":"f","method":"GET","url":"localhost:3000/x"})").source.url,
            "http://localhost:3000/x");
}

TEST(Recordings, LiteralsOfAQueryWithoutVariablesBecomeOptionalArguments) {
  const auto function = function_of(
      R"({"name":"f","method":"GET","url":"https://a.example/s?q=red%20cats&limit=10&tag=a&tag=b&api_key=k#top"})");
  EXPECT_EQ(function.source.url,
            "https://a.example/s?q={{q}}&limit={{limit}}&tag={{tag}}&api_key={{apiKey}}");
  EXPECT_EQ(signature_of(function), "q?, limit?, tag?, apiKey?");
  EXPECT_EQ(argument_of(function, "q").description, "For example red cats");
  EXPECT_EQ(argument_of(function, "limit").type, "integer");
  EXPECT_EQ(argument_of(function, "tag").type, "array");
  EXPECT_TRUE(argument_of(function, "apiKey").secure);
  EXPECT_EQ(argument_of(function, "apiKey").description, std::nullopt);
}

TEST(Recordings, CredentialsAreSecureArgumentsWhateverWasRecorded) {
  const auto bearer = function_of(
      R"({"name":"f","method":"GET","url":"https://a.example/x",)"
      R"("auth":{"type":"bearer","bearer":[{"key":"token","value":"abc"}]},)"
      R"("headers":[{"key":"X-Api-Key","value":"secret-value"},{"key":"X-Session-Id","value":"{{s}}"}]})");
  EXPECT_EQ(signature_of(bearer), "s, token, xApiKey?");
  for (const auto& argument : bearer.arguments) EXPECT_TRUE(argument.secure) << argument.name;
  EXPECT_FALSE(encode_text(bearer).contains("secret-value"));
  EXPECT_FALSE(encode_text(bearer).contains("\"abc\""));
  const auto key = function_of(
      R"({"name":"f","method":"GET","url":"https://a.example/x","auth":{"type":"apikey","apikey":)"
      R"([{"key":"key","value":"X-Key"},{"key":"value","value":"{{k}}"},{"key":"in","value":"header"}]}})");
  EXPECT_EQ(signature_of(key), "k");
  EXPECT_TRUE(argument_of(key, "k").secure);
}

TEST(Recordings, AJsonBodyOfLiteralsIsOneArgumentWithAnInferredSchema) {
  const auto function =
      function_of(R"({"name":"f","method":"POST","url":"https://a.example/{{body}}",)"
                  R"("headers":[{"key":"content-type","value":"application/json; charset=utf-8"}],)"
                  R"("body":{"mode":"raw","raw":"{\"name\":\"Ann\",\"tags\":[{\"a\":1}]}"}})");
  EXPECT_EQ(signature_of(function), "body2, body");
  EXPECT_EQ(function.source.body->raw, "{{body}}");
  EXPECT_TRUE(function.source.headers.empty());
  EXPECT_EQ(argument_of(function, "body").type, "object");
  EXPECT_EQ(argument_of(function, "body").type_schema.text,
            R"({"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":)"
            R"({"type":"object","properties":{"a":{"type":"number"}}}}},"x-poly-inferred":true})");
}

TEST(Recordings, AJsonBodyWithVariablesStaysATemplate) {
  const auto function = function_of(
      R"({"name":"f","method":"POST","url":"https://a.example/x","body":{"mode":"raw","language":"json",)"
      R"("raw":"{\"name\":\"{{user name}}\",\"age\":{{age}},\"tags\":{{tags}},\"kind\":\"person\",\"q\":\"\\\"{{z}}\"}"},)"
      R"("variables":{"user name":{"value":"17"},"age":{"value":"17"},"tags":{"value":"[\"a\"]"}}})");
  EXPECT_EQ(function.source.body->raw,
            R"({"name":"{{userName}}","age":{{age}},"tags":{{tags}},"kind":"person","q":"\"{{z}}"})");
  EXPECT_EQ(argument_of(function, "userName").type, "string");
  EXPECT_EQ(argument_of(function, "age").type, "integer");
  EXPECT_EQ(argument_of(function, "tags").type, "array");
  EXPECT_TRUE(argument_of(function, "tags").type_schema.text.contains(R"("x-poly-inferred":true)"));
}

TEST(Recordings, FieldsOfAFormAreOnePayload) {
  const auto function = function_of(
      R"({"name":"f","method":"POST","url":"https://a.example/x","body":{"mode":"formdata","formdata":)"
      R"([{"key":"title","value":"Hi"},{"key":"photo","value":"@me.png","type":"file"}]}})");
  EXPECT_EQ(signature_of(function), "title?, photo?");
  EXPECT_TRUE(argument_of(function, "title").payload);
  EXPECT_EQ(argument_of(function, "photo").type_schema.text, R"({"type":"string","format":"binary"})");
  const auto filled = function_of(
      R"({"name":"f","method":"POST","url":"https://a.example/x","body":{"mode":"urlencoded","urlencoded":)"
      R"([{"key":"grant_type","value":"client_credentials"},{"key":"id","value":"{{id}}"},{"key":"password","value":"p"}]}})");
  EXPECT_EQ(signature_of(filled), "id, password?");
  EXPECT_EQ(filled.source.body->urlencoded.at(0).value, "client_credentials");
  EXPECT_TRUE(argument_of(filled, "password").secure);
}

TEST(Recordings, OfGraphQlTheQueryStaysAndTheVariablesAreAnArgument) {
  const auto function = function_of(
      R"({"name":"f","method":"POST","url":"https://a.example/graphql","body":{"mode":"raw","language":"json",)"
      R"("raw":"{\"query\":\"query($id:ID){pet(id:$id){name}}\",\"variables\":{\"id\":\"1\"}}"}})");
  EXPECT_EQ(function.api_type, "graphql");
  EXPECT_EQ(signature_of(function), "variables");
  EXPECT_EQ(function.source.body->raw,
            R"({"query":"query($id:ID){pet(id:$id){name}}","variables":{{variables}}})");
}

TEST(Recordings, ResultsAreInferredFromTheSamplesOfEachStatus) {
  const auto function =
      function_of(R"({"name":"f","method":"GET","url":"https://a.example/x","samples":[)"
                  R"({"status":201,"body":"{\"id\":1}"},{"status":200,"body":"{\"id\":1,\"name\":null}"},)"
                  R"({"status":200,"body":"{\"id\":2.5}"},{"status":204,"body":""},)"
                  R"({"status":404,"headers":{"Content-Type":"text/plain"},"body":"none"}]})");
  EXPECT_EQ(function.return_type, "object");
  EXPECT_EQ(function.return_type_schema.text,
            R"({"type":"object","properties":{"id":{"type":"number"},"name":{}},"required":["id"],)"
            R"("x-poly-inferred":true})");
  ASSERT_EQ(function.other_return_types.size(), 2u);
  EXPECT_EQ(function.other_return_types.at(0).status_code, "201");
  EXPECT_EQ(function.other_return_types.at(1).type, "string");
  EXPECT_EQ(function_of(R"({"name":"f","method":"GET","url":"https://a.example/x"})").return_type, "any");
  EXPECT_EQ(
      function_of(R"({"name":"f","method":"GET","url":"https://a.example/x","samples":[{"status":204}]})")
          .return_type,
      "void");
}

TEST(Recordings, ARequestThatCannotBeCalledIsRefusedAndTheOthersGoOn) {
  const auto input = recorded(R"({"name":"a","method":"TRACE","url":"https://a.example/x"},)"
                              R"({"name":"b","method":"GET","url":"ftp://a.example/x"},)"
                              R"({"name":"c","method":"GET","url":"https://a.example/x"})");
  EXPECT_EQ(input.functions.size(), 1u);
  EXPECT_EQ(input.report->operations, 3);
  ASSERT_EQ(input.report->refused.size(), 2u);
  EXPECT_EQ(input.report->refused.at(0).reason, "source.method: 'TRACE' is not a method that can be called");
}

TEST(SampleValues, TextHasTheTypeThatWouldWriteItTheSameWay) {
  EXPECT_EQ(type_of_text("17"), "integer");
  EXPECT_EQ(type_of_text("-1.50"), "number");
  EXPECT_EQ(type_of_text("true"), "boolean");
  for (const auto* text : {"0017", "+49", "1e3", "", "-", ".5", "5.", "1234567890123456", "1.2.3"})
    EXPECT_EQ(type_of_text(text), "string") << text;
}

}  // namespace
}  // namespace poly::training
