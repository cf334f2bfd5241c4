#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;
using testing::id_one;
using testing::id_two;

class Functions : public CommandTest {
 protected:
  Functions() {
    for (const auto* kind : {"server", "client"})
      server.answer("POST /functions/" + std::string(kind), 201, made());
    server.answer("PUT /functions/api", 200, made());
    file("place.ts", "export function place() {}");
    file("report.py", "def report(): pass");
  }

  static std::string made() { return R"({"id":")" + std::string(id_one) + R"(","name":"x","context":"a"})"; }
  void knows(const std::string& path, const std::string& type) {
    server.answer("GET /functions/any/" + path, 200,
                  R"({"id":")" + std::string(id_one) + R"(","type":")" + type + "\"}");
  }
};

TEST_F(Functions, SourcesAreSentUnchangedWithTheirLanguage) {
  const auto ended =
      poly({"function", "add", "place", "place.ts", "--context", "shop", "--server", "--logs", "enabled",
            "--requirement", "lodash@^4.17.21", "--requirement", "@scope/tool", "--json"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.document().at("id"), id_one);
  const Json expected =
      JsonObject{{"name", "place"},
                 {"context", "shop"},
                 {"code", "export function place() {}"},
                 {"language", "typescript"},
                 {"requirements", JsonArray{"lodash", "@scope/tool"}},
                 {"externalDependencies", JsonObject{{"lodash", "^4.17.21"}, {"@scope/tool", "latest"}}},
                 {"logsEnabled", true}};
  EXPECT_EQ(server.last_body(), expected);
  poly({"function", "add", "report", "report.py", "--server", "--requirement", "pandas==2.0"});
  EXPECT_EQ(server.last_body().at("language"), "python");
  EXPECT_EQ(server.last_body().at("requirements"), Json(JsonArray{"pandas==2.0"}));
}

TEST_F(Functions, TheLastLineOfADeployThatIsToldSaysWhatItMadeOrWhyNot) {
  server.answer("POST /functions/server", 200,
                "{\"progress\":\"resolving 1 npm package\"}\n{\"result\":{\"id\":\"" + std::string(id_two) +
                    "\",\"warnings\":[\"line 3, column 1: wrong\"]},\"status\":201}\n");
  const auto made = poly({"function", "add", "place", "place.ts", "--server", "--json"});
  ASSERT_EQ(made.code, ExitCode::ok) << made.errors;
  EXPECT_EQ(made.document().at("id"), id_two);
  EXPECT_NE(made.errors.find("warning: line 3, column 1: wrong\n"), std::string::npos) << made.errors;
  EXPECT_TRUE(server.seen().back().headers.get("accept").starts_with("application/x-ndjson, "));

  server.answer("POST /functions/server", 200,
                R"({"error":{"statusCode":502,"message":"the registry does not answer"},"status":502})");
  const auto refused = poly({"function", "add", "place", "place.ts", "--server"});
  EXPECT_EQ(refused.code, exit_code_of(kind_of_status(502)));
  EXPECT_NE(refused.errors.find("the registry does not answer"), std::string::npos) << refused.errors;

  server.answer("POST /functions/server", 200, "{\"progress\":\"reading the source\"}\n");
  const auto cut = poly({"function", "add", "place", "place.ts", "--server"});
  EXPECT_NE(cut.errors.find("without saying what it made"), std::string::npos) << cut.errors;
}

TEST_F(Functions, WhatCannotBeIsRefusedBeforeItIsSent) {
  file("x.txt", "");
  EXPECT_EQ(poly({"function", "add", "x", "place.ts"}).code, ExitCode::usage);
  EXPECT_EQ(poly({"function", "add", "x", "place.ts", "--server", "--client"}).code, ExitCode::usage);
  EXPECT_EQ(poly({"function", "add", "x", "x.txt", "--server"}).code, ExitCode::bad_input);
  EXPECT_EQ(poly({"function", "add", "x", "none.ts", "--server"}).code, ExitCode::bad_input);
  EXPECT_EQ(poly({"function", "add", "x", "--server"}).code, ExitCode::bad_input);
  EXPECT_EQ(poly({"function", "add", "x", "place.ts", "--client", "--logs", "enabled"}).code,
            ExitCode::bad_input);
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(Functions, AnApiFunctionIsAJsonFileWhoseUnknownKeysAreNamed) {
  file("get.json",
       R"({"name":"get","context":"crm","argments":[],"source":{"url":"http://a","metod":"GET"}})");
  const auto ended = poly({"function", "add", "get.json", "--api", "--context", "other"});
  EXPECT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_NE(ended.errors.find("warning: get.json: unknown key $.argments\n"), std::string::npos)
      << ended.errors;
  EXPECT_NE(ended.errors.find("warning: get.json: unknown key $.source.metod\n"), std::string::npos)
      << ended.errors;
  EXPECT_EQ(server.last_body().at("name"), "get");
  EXPECT_EQ(server.last_body().at("context"), "other");
}

TEST_F(Functions, ListsJoinTheThreeKinds) {
  server.answer("GET /functions/api", 200, R"([{"id":"1","name":"z","context":"a"}])");
  server.answer("GET /functions/server", 200, R"([{"id":"2","name":"b","context":"a"}])");
  server.answer("GET /functions/client", 200, "[]");
  const auto all = poly({"function", "list", "--json"}).document().as_array();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("kind"), "server");
  EXPECT_EQ(all[1].at("kind"), "api");
  EXPECT_EQ(poly({"function", "list", "--kind", "api", "--json"}).document().as_array().size(), 1U);
}

TEST_F(Functions, AServerFunctionsResultIsPrintedAsItIs) {
  knows("shop.place", "serverFunction");
  server.answer("POST /functions/server/" + std::string(id_one) + "/execute", 201, "a text",
                {{"x-poly-execution-id", "run-1"}, {"x-poly-execution-duration", "7"}});
  const auto ended = poly({"execute", "shop.place", "--data", R"({"a":1,"b":1})", "--arg", "b=two"});
  EXPECT_EQ(ended.code, ExitCode::ok);
  EXPECT_EQ(ended.output, "a text\n");
  EXPECT_EQ(ended.errors, "execution run-1, 7 ms\n");
  EXPECT_EQ(server.last_body(), Json(JsonObject({{"a", 1}, {"b", "two"}})));
  EXPECT_EQ(poly({"execute", "shop.place", "--json"}).output, "\"a text\"\n");
}

TEST_F(Functions, ARunThatFailedIsToldFromAServerThatRefused) {
  knows("shop.place", "serverFunction");
  const auto line = "POST /functions/server/" + std::string(id_one) + "/execute";
  server.answer(line, 404, R"({"statusCode":404,"message":"no such order"})",
                {{"x-poly-execution-id", "run-1"}});
  const auto failed = poly({"execute", "shop.place", "--json"});
  EXPECT_EQ(failed.code, ExitCode::failed);
  const auto document = failed.document();
  const auto& told = document.at("error");
  EXPECT_EQ(told.at("kind"), "function_failed");
  EXPECT_EQ(told.at("message"), "no such order");
  EXPECT_EQ(told.at("exitCode"), 1);
  EXPECT_NE(failed.errors.find("poly logs --execution run-1"), std::string::npos) << failed.errors;
  server.answer(line, 403, R"({"statusCode":403,"message":"Forbidden"})");
  EXPECT_EQ(poly({"execute", "shop.place"}).code, ExitCode::not_allowed);
}

TEST_F(Functions, AnArgumentThatDoesNotFitIsBadInput) {
  knows("shop.place", "serverFunction");
  server.answer("POST /functions/server/" + std::string(id_one) + "/execute", 400,
                R"({"statusCode":400,"message":["count: expected integer, got string"]})",
                {{"x-poly-execution-id", "run-1"}});
  const auto refused = poly({"execute", "shop.place", "--json"});
  EXPECT_EQ(refused.code, ExitCode::bad_input);
  const auto document = refused.document();
  EXPECT_EQ(document.at("error").at("kind"), "bad_request");
  EXPECT_EQ(document.at("error").at("details").at(0), "count: expected integer, got string");
  EXPECT_EQ(document.at("error").at("exitCode"), 6);
}

TEST_F(Functions, AStatusThatTheFunctionChoseComesWithItsOwnAnswer) {
  knows("shop.place", "serverFunction");
  server.answer("POST /functions/server/" + std::string(id_one) + "/execute", 404, R"({"missing":7})",
                {{"x-poly-execution-id", "run-1"}});
  const auto answered = poly({"execute", "shop.place", "--json"});
  EXPECT_EQ(answered.code, ExitCode::failed);
  EXPECT_EQ(answered.document(), Json(JsonObject({{"missing", 7}})));
}

TEST_F(Functions, AnApiFunctionFailsWhenTheOtherSystemAnsweredWithAnError) {
  knows("crm.get", "apiFunction");
  const auto line = "POST /functions/api/" + std::string(id_one) + "/execute";
  server.answer(line, 201, R"({"status":200,"data":{"id":7},"headers":{}})");
  EXPECT_EQ(poly({"execute", "crm.get"}).output, "{\n  \"id\": 7\n}\n");
  EXPECT_EQ(poly({"execute", "crm.get", "--json"}).document().at("status"), 200);
  server.answer(line, 201, R"({"status":404,"data":null,"headers":{}})");
  EXPECT_EQ(poly({"execute", "crm.get"}).code, ExitCode::failed);
}

TEST_F(Functions, AClientFunctionIsNotRunHere) {
  knows("shop.greet", "clientFunction");
  EXPECT_EQ(poly({"execute", "shop.greet"}).code, ExitCode::bad_input);
}

TEST_F(Functions, LogsAreOneDocumentOfLines) {
  knows("shop.place", "serverFunction");
  server.answer(
      "GET /functions/server/" + std::string(id_one) + "/logs", 200,
      R"({"logsEnabled":true,"logs":[{"timestamp":"2020-01-01T00:00:00.000Z","level":"info","value":"hi\n"}]})");
  const auto printed = poly({"logs", "shop.place", "--limit", "5", "--json"}).document();
  EXPECT_EQ(printed.at("logs").at(0).at("value"), "hi\n");
  EXPECT_EQ(server.seen().back().query(), "limit=5");
  EXPECT_EQ(poly({"logs", "shop.place"}).output, "2020-01-01T00:00:00.000Z info hi\n");
  EXPECT_EQ(poly({"logs", "shop.place", "--since", "90m", "--json"}).document().at("logs").as_array().size(),
            0U);
  EXPECT_EQ(server.seen().back().query(), "limit=100&lastHours=2");
}

TEST_F(Functions, LogsOfOneRunAreAskedForByItsId) {
  server.answer("GET /executions/run-1/logs", 200, R"({"logs":[]})");
  EXPECT_EQ(poly({"logs", "--execution", "run-1", "--json"}).document().at("logs").as_array().size(), 0U);
  EXPECT_EQ(poly({"logs"}).code, ExitCode::bad_input);
}

}  // namespace
}  // namespace poly::cli
