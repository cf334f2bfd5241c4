#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;

class Models : public CommandTest {
 protected:
  Models() {
    for (const auto* collection : {"/functions/api", "/webhooks", "/schemas"}) {
      server.answer("GET " + std::string(collection), 200, "[]");
      server.answer("PUT " + std::string(collection), 200, R"({"id":"1"})");
    }
  }
};

TEST_F(Models, GenerateSendsTheDocumentAsTextAndWritesTheModel) {
  file("pets.yaml", "openapi: 3.0.0");
  server.answer(
      "POST /specification-input/oas", 201,
      R"({"title":"Pets","functions":[{"name":"a"}],"webhooks":[],"schemas":[],"report":{"operations":2,
                    "refused":[{"method":"GET","path":"/x","reason":"no answer"}],"warnings":[]}})");
  const auto ended = poly({"model", "generate", "pets.yaml", "--context", "pets", "--host-url", "http://h",
                           "--output", "out/m.json"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.output, "1 function, 0 webhooks, 0 schemas in " + (folder / "out/m.json").string() +
                              "\nrefused:\n  GET /x: no answer\n");
  const auto request = server.seen().back();
  EXPECT_EQ(request.body, "openapi: 3.0.0");
  EXPECT_TRUE(request.headers.get("content-type").starts_with("text/plain"));
  EXPECT_EQ(request.query(), "context=pets&hostUrl=http%3A%2F%2Fh");
  EXPECT_EQ(read_json_file(folder / "out/m.json").at("title"), "Pets");
}

TEST_F(Models, TrainSendsSchemasFirstAndCountsWhatWasThere) {
  file("m.json", R"({"title":"T","functions":[{"name":"f","context":"a"},{"name":"g","context":"a"}],
                     "webhooks":[{"name":"w"}],"schemas":[{"name":"S","context":"a","definition":{}}]})");
  server.answer("GET /functions/api", 200, R"([{"id":"1","name":"g","context":"a"}])");
  const auto ended = poly({"model", "train", "m.json", "--json"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.document(),
            Json(JsonObject({{"added", 3}, {"updated", 1}, {"failed", 0}, {"problems", JsonArray{}}})));
  std::vector<std::string> put;
  for (const auto& request : server.seen())
    if (request.method == http::Method::put) put.push_back(request.target);
  EXPECT_EQ(put, (std::vector<std::string>{"/schemas", "/functions/api", "/functions/api", "/webhooks"}));
}

TEST_F(Models, TrainNamesWhatWasRefusedAndEndsWithOne) {
  file(
      "m.json",
      R"({"title":"T","functions":[{"name":"f","context":"a","argments":[]}],"schemas":[{"name":"S","definition":{}}]})");
  server.answer("PUT /functions/api", 400, R"({"statusCode":400,"message":["$.source: is missing"]})");
  const auto ended = poly({"model", "train", "m.json"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_EQ(ended.output, "1 added, 0 updated, 1 failed\n  function a.f: $.source: is missing\n");
  EXPECT_EQ(ended.errors, "warning: m.json: unknown key $.functions[0].argments\n");
}

TEST_F(Models, AKeyWithoutThePermissionEndsTrainingAtOnce) {
  file("m.json", R"({"title":"T","functions":[{"name":"f"},{"name":"g"}]})");
  server.answer("PUT /functions/api", 403, R"({"statusCode":403,"message":"Forbidden"})");
  EXPECT_EQ(poly({"model", "train", "m.json"}).code, ExitCode::not_allowed);
}

TEST_F(Models, ValidateAsksAboutEveryFunctionAndWebhook) {
  file("m.json", R"({"title":"T","functions":[{"name":"f"},{"name":"g"}],"webhooks":[{"name":"w"}]})");
  server.answer("POST /specification-input/validation/api-function", 200, "");
  server.answer("POST /specification-input/validation/webhook-handle", 400, R"({"message":"no"})");
  const auto ended = poly({"model", "validate", "m.json", "--json"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_EQ(ended.document().at("valid"), 2);
  EXPECT_EQ(ended.document().at("problems").at(0).at("path"), "w");
}

TEST_F(Models, AFileThatIsNoModelIsRefusedWithTheReason) {
  file("m.json", R"({"functions":{}})");
  const auto ended = poly({"model", "train", "m.json"});
  EXPECT_EQ(ended.code, ExitCode::bad_input);
  EXPECT_EQ(ended.errors,
            "error: " + (folder / "m.json").string() + ": $.functions: expected array, got object\n");
}

}  // namespace
}  // namespace poly::cli
