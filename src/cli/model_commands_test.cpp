#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;

class Models : public CommandTest {};

constexpr auto train_line = "POST /specification-input/training";

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

TEST_F(Models, GenerateTellsTheKindByNameAndText) {
  for (const auto* kind : {"curl", "har", "postman", "graphql", "wsdl", "oas"}) {
    server.answer("POST /specification-input/" + std::string(kind), 201, R"({"title":"T"})");
  }
  file("a.json", R"({"info":{"name":"C"},"item":[]})");
  file("b.json", R"({"log":{"entries":[]}})");
  file("c.txt", "  curl https://a.example");
  file("d.txt", "type Query {\n  a: Int\n}");
  file("e.xml", "<definitions/>");
  file("f.yaml", "openapi: 3.0.0");
  const std::vector<std::pair<std::string, std::string>> kinds{{"a.json", "postman"}, {"b.json", "har"},
                                                               {"c.txt", "curl"},     {"d.txt", "graphql"},
                                                               {"e.xml", "wsdl"},     {"f.yaml", "oas"}};
  for (const auto& [name, kind] : kinds) {
    const auto ended = poly({"model", "generate", name, "--output", "out.json"});
    EXPECT_EQ(ended.code, ExitCode::ok) << ended.errors;
    EXPECT_EQ(server.seen().back().path(), "/specification-input/" + kind) << name;
  }
  EXPECT_EQ(poly({"model", "generate", "f.yaml", "--from", "har"}).code, ExitCode::ok);
  EXPECT_EQ(server.seen().back().path(), "/specification-input/har");
}

TEST_F(Models, GenerateTakesACommandOrStandardInputInsteadOfAFile) {
  server.answer("POST /specification-input/curl", 201, R"({"title":"T"})");
  EXPECT_EQ(poly({"model", "generate", "--curl", "curl https://a.example"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body().at("files").at("api"), "curl https://a.example");
  EXPECT_TRUE(std::filesystem::exists(folder / "api.model.json"));
  EXPECT_EQ(poly({"model", "generate", "-"}, "curl https://b.example").code, ExitCode::ok);
  EXPECT_EQ(server.last_body().at("files").at("api"), "curl https://b.example");
  EXPECT_EQ(poly({"model", "generate"}).code, ExitCode::usage);
  EXPECT_EQ(poly({"model", "generate", "a.yaml", "--curl", "curl x"}).code, ExitCode::usage);
}

TEST_F(Models, GenerateSendsTheFilesThatADocumentRefersToBelowItsFolder) {
  file("secret.yaml", "a: 1");
  file("api/main.yaml",
       "openapi: 3.0.0\nx: {$ref: './parts/pet.yaml#/Pet'}\ny: {$ref: ../secret.yaml}\n"
       "z: {\"$ref\": \"https://a.example/x.json\"}\nw: {$ref: '#/local'}");
  file("api/parts/pet.yaml", "Pet: {$ref: owner.json}");
  file("api/parts/owner.json", R"({"$ref":"../main.yaml#/x"})");
  server.answer("POST /specification-input/oas", 201, R"({"title":"T"})");
  const auto ended = poly({"model", "generate", "api/main.yaml"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  const auto body = server.last_body();
  EXPECT_EQ(body.at("entry"), "main.yaml");
  std::vector<std::string> names;
  for (const auto& [name, text] : body.at("files").as_object()) names.emplace_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"main.yaml", "parts/owner.json", "parts/pet.yaml"}));
}

TEST_F(Models, GenerateFindsReferencesHoweverYamlWritesThem) {
  file("main.yaml",
       "openapi: 3.0.0\npaths:\n  /a:\n    $ref: paths/a_{id},{part}.yaml\n  /b: {$ref: b.yaml}\n"
       "  /c:\n    $ref: >-\n      c.yaml\n");
  file("paths/a_{id},{part}.yaml", "get: {}");
  file("b.yaml", "get: {}");
  file("c.yaml", "get: {}");
  server.answer("POST /specification-input/oas", 201, R"({"title":"T"})");
  const auto ended = poly({"model", "generate", "main.yaml"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  const auto body = server.last_body();
  std::vector<std::string> names;
  for (const auto& [name, text] : body.at("files").as_object()) names.emplace_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"b.yaml", "c.yaml", "main.yaml", "paths/a_{id},{part}.yaml"}));
}

TEST_F(Models, TrainSendsTheModelAtOnceAndTellsWhatChanges) {
  file("m.json", R"({"title":"T","functions":[{"name":"f","context":"a"}],"webhooks":[{"name":"w"}],
                     "schemas":[{"name":"S","context":"a","definition":{}}]})");
  server.answer(train_line, 200,
                R"({"dryRun":false,"added":1,"updated":1,"unchanged":1,"failed":0,"problems":[],
    "changes":[{"kind":"function","path":"a.f","change":"changed","breaking":true,
      "details":[{"what":"argument 'b' is new, required","breaking":true},{"what":"url: now x, was y"}],
      "usedBy":[{"kind":"server function","path":"a.g","id":"1"},{"kind":"job","path":"nightly","id":"2","through":"a.g"}]},
      {"kind":"schema","path":"a.S","change":"added"}],
    "leftOver":[{"path":"a.old","id":"3","usedBy":[{"kind":"trigger","path":"t","id":"4"}]}]})");
  const auto ended = poly({"model", "train", "m.json"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.output,
            "1 added, 1 updated, 1 unchanged, 0 failed\n"
            "~ function a.f  breaking\n"
            "    ! argument 'b' is new, required\n"
            "      url: now x, was y\n"
            "      used by server function a.g\n"
            "      used by job nightly (through a.g)\n"
            "+ schema a.S\n"
            "? function a.old is not in the model\n"
            "      used by trigger t\n");
  EXPECT_EQ(server.last_body().at("functions").at(0).at("name"), "f");
  EXPECT_EQ(server.seen().back().query(), "");
}

TEST_F(Models, ADryRunIsAskedForAndSaysSo) {
  file("m.json", R"({"title":"T"})");
  server.answer(
      train_line, 200,
      R"({"dryRun":true,"added":0,"updated":0,"unchanged":0,"failed":0,"changes":[],"problems":[]})");
  const auto ended = poly({"model", "train", "m.json", "--dry-run"});
  EXPECT_EQ(ended.output, "would be: 0 added, 0 updated, 0 unchanged, 0 failed\n");
  EXPECT_EQ(server.seen().back().query(), "dryRun=true");
}

TEST_F(Models, TrainNamesWhatWasRefusedAndEndsWithOne) {
  file("m.json", R"({"title":"T","functions":[{"name":"f","context":"a","argments":[]}]})");
  server.answer(train_line, 200,
                R"({"dryRun":false,"added":0,"updated":0,"unchanged":0,"failed":1,"changes":[],
    "problems":[{"kind":"function","path":"a.f","message":"$.source: is missing"}]})");
  const auto ended = poly({"model", "train", "m.json"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_EQ(ended.output,
            "0 added, 0 updated, 0 unchanged, 1 failed\n  function a.f: $.source: is missing\n");
  EXPECT_EQ(ended.errors, "warning: m.json: unknown key $.functions[0].argments\n");
}

TEST_F(Models, AKeyWithoutThePermissionEndsTrainingAtOnce) {
  file("m.json", R"({"title":"T","functions":[{"name":"f"},{"name":"g"}]})");
  server.answer(train_line, 403, R"({"statusCode":403,"message":"Forbidden"})");
  EXPECT_EQ(poly({"model", "train", "m.json"}).code, ExitCode::not_allowed);
}

TEST_F(Models, ValidateAsksForADryRunAndCounts) {
  file("m.json", R"({"title":"T","functions":[{"name":"f"},{"name":"g"}],"webhooks":[{"name":"w"}]})");
  server.answer(train_line, 200,
                R"({"dryRun":true,"added":1,"updated":0,"unchanged":1,"failed":1,"changes":[],
    "problems":[{"kind":"webhook","path":"w","message":"no"}]})");
  const auto ended = poly({"model", "validate", "m.json", "--json"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_EQ(server.seen().back().query(), "dryRun=true");
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
