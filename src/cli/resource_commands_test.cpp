#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;
using testing::id_one;
using testing::id_two;

std::string made(std::string_view id) {
  return R"({"id":")" + std::string(id) + R"(","name":"x","context":"a"})";
}

class Resources : public CommandTest {
 protected:
  Resources() {
    server.answer("GET /webhooks", 200,
                  R"([{"id":")" + std::string(id_one) + R"(","name":"hook","context":"shop"},{"id":")" +
                      std::string(id_two) + R"(","name":"hook","context":"crm.in"}])");
    server.answer("GET /functions/any/shop.onOrder", 200,
                  R"({"id":")" + std::string(id_two) + R"(","name":"onOrder","type":"serverFunction"})");
    server.answer("GET /functions/any/crm.get", 200,
                  R"({"id":")" + std::string(id_one) + R"(","name":"get","type":"apiFunction"})");
  }
};

TEST_F(Resources, ListsShowPathsAndCanBeNarrowedToAContext) {
  EXPECT_EQ(poly({"webhook", "list", "--context", "crm"}).output,
            "PATH         ID                                    ENABLED  DESCRIPTION\ncrm.in.hook  " +
                std::string(id_two) + "\n");
  EXPECT_EQ(poly({"webhook", "list", "--json"}).document().as_array().size(), 2U);
}

TEST_F(Resources, AnEmptyListIsAnEmptyArrayForProgramsAndANoteForPeople) {
  server.answer("GET /jobs", 200, "[]");
  EXPECT_EQ(poly({"job", "list", "--json"}).output, "[]\n");
  EXPECT_EQ(poly({"job", "list"}).errors, "no job yet; `poly job add` makes one\n");
}

TEST_F(Resources, NewerListShapeIsReadToo) {
  server.answer("GET /jobs", 200, R"({"results":[{"id":"1","name":"nightly"}]})");
  EXPECT_EQ(poly({"job", "list", "--json"}).document().as_array().size(), 1U);
}

TEST_F(Resources, AThingIsFoundByItsPathOrItsId) {
  server.answer("GET /webhooks/" + std::string(id_one), 200, made(id_one));
  EXPECT_EQ(poly({"webhook", "get", "shop.hook", "--json"}).document().at("id"), id_one);
  EXPECT_EQ(poly({"webhook", "get", std::string(id_one), "--json"}).document().at("id"), id_one);
  const auto missing = poly({"webhook", "get", "shop.nothing"});
  EXPECT_EQ(missing.code, ExitCode::not_found);
  EXPECT_EQ(missing.errors, "error: no webhook 'shop.nothing'; `poly webhook list` shows what there is\n");
}

TEST_F(Resources, DeletingAsksAPersonAndNotAProgram) {
  server.answer("DELETE /webhooks/" + std::string(id_one), 204, "");
  EXPECT_EQ(poly({"webhook", "delete", "shop.hook"}, "n\n", StreamKind::terminal).code, ExitCode::bad_input);
  for (const auto& request : server.seen()) EXPECT_NE(request.method, http::Method::delete_);
  EXPECT_EQ(poly({"webhook", "delete", "shop.hook"}, "y\n", StreamKind::terminal).code, ExitCode::ok);
  EXPECT_EQ(poly({"webhook", "delete", "shop.hook", "--yes"}, "", StreamKind::terminal).code, ExitCode::ok);
  EXPECT_EQ(poly({"webhook", "delete", "shop.hook", "--json"}).document().at("deleted"), true);
}

TEST_F(Resources, AWebhookIsAddedWithWhatWasSaidAndNothingElse) {
  server.answer("POST /webhooks", 201, made(id_one));
  const auto ended = poly({"webhook", "add", "order", "--context", "shop", "--method", "GET", "--subpath",
                           "orders/{orderId}", "--event-payload", "{}", "--security-function", "shop.guard",
                           "--response-header", "x-a=b=c", "--json"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.document().at("id"), id_one);
  const Json expected = JsonObject{{"name", "order"},
                                   {"context", "shop"},
                                   {"method", "GET"},
                                   {"subpath", "orders/{orderId}"},
                                   {"eventPayload", JsonObject{}},
                                   {"responseHeaders", JsonObject{{"x-a", "b=c"}}},
                                   {"securityFunctions", JsonArray{JsonObject{{"path", "shop.guard"}}}}};
  EXPECT_EQ(server.last_body(), expected);
}

TEST_F(Resources, JsonThatDoesNotParseIsNamedByItsOption) {
  const auto ended = poly({"webhook", "add", "order", "--event-payload", "{"});
  EXPECT_EQ(ended.code, ExitCode::bad_input);
  EXPECT_NE(ended.errors.find("--event-payload"), std::string::npos) << ended.errors;
}

TEST_F(Resources, ATriggerFindsItsTwoEndsByPath) {
  server.answer("POST /triggers", 201, made(id_one));
  const auto ended = poly({"trigger", "add", "order placed", "--webhook", "shop.hook", "--function",
                           "shop.onOrder", "--wait-for-response"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  const Json expected = JsonObject{{"name", "order placed"},
                                   {"source", JsonObject{{"webhookHandleId", id_one}}},
                                   {"destination", JsonObject{{"serverFunctionId", id_two}}},
                                   {"waitForResponse", true}};
  EXPECT_EQ(server.last_body(), expected);
}

TEST_F(Resources, ATriggerOnAnApiFunctionIsRefusedBeforeItIsSent) {
  const auto ended = poly({"trigger", "add", "--webhook", "shop.hook", "--function", "crm.get"});
  EXPECT_EQ(ended.code, ExitCode::bad_input);
  EXPECT_EQ(ended.errors, "error: 'crm.get' is a function of kind api; a server function is needed here\n");
}

TEST_F(Resources, JobsHaveOneOfThreeSchedules) {
  server.answer("POST /jobs", 201, made(id_one));
  const auto schedule = [&](const std::vector<std::string>& words) {
    std::vector<std::string> arguments{"job", "add", "x", "--function", std::string(id_two)};
    arguments.insert(arguments.end(), words.begin(), words.end());
    EXPECT_EQ(poly(arguments).code, ExitCode::ok);
    return server.last_body().at("schedule");
  };
  EXPECT_EQ(schedule({"--cron", "0 2 * * *"}),
            Json(JsonObject({{"type", "periodical"}, {"value", "0 2 * * *"}})));
  EXPECT_EQ(schedule({"--interval", "5"}), Json(JsonObject({{"type", "interval"}, {"value", 5}})));
  EXPECT_EQ(schedule({"--at", "2030-01-01T08:00:00+01:00"}),
            Json(JsonObject({{"type", "on_time"}, {"value", "2030-01-01T07:00:00.000Z"}})));
  EXPECT_EQ(poly({"job", "add", "x", "--function", "f", "--cron", "* * * * *", "--interval", "5"}).code,
            ExitCode::usage);
  EXPECT_EQ(poly({"job", "add", "x", "--cron", "* * * * *"}).code, ExitCode::bad_input);
}

TEST_F(Resources, AVariableTakesItsValueFromTheLineTheEnvironmentOrStandardInput) {
  server.answer("POST /variables", 201, made(id_one));
  environment["CRM_KEY"] = "from the environment";
  EXPECT_EQ(poly({"variable", "add", "k", "--value", "12", "--secrecy", "secret"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body(),
            Json(JsonObject({{"name", "k"}, {"context", ""}, {"value", "12"}, {"secrecy", "SECRET"}})));
  EXPECT_EQ(poly({"variable", "add", "k", "--value-env", "CRM_KEY"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body().at("value"), "from the environment");
  EXPECT_EQ(poly({"variable", "add", "k", "--value-stdin"}, "piped in\n").code, ExitCode::ok);
  EXPECT_EQ(server.last_body().at("value"), "piped in");
  EXPECT_EQ(poly({"variable", "add", "k", "--value", "12", "--value-is-json"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body().at("value"), 12);
  EXPECT_EQ(poly({"variable", "add", "k"}).code, ExitCode::usage);
  EXPECT_EQ(poly({"variable", "add", "k", "--value-env", "NOT_SET"}).code, ExitCode::bad_input);
}

TEST_F(Resources, AValueThatIsNoJsonIsNotQuotedInTheError) {
  const auto ended = poly({"variable", "add", "k", "--value", "hunter2", "--value-is-json", "--json"});
  EXPECT_EQ(ended.code, ExitCode::bad_input);
  EXPECT_EQ((ended.output + ended.errors).find("hunter2"), std::string::npos);
}

TEST_F(Resources, SettingAVariableSendsItsValueOnly) {
  server.answer("GET /variables", 200,
                R"([{"id":")" + std::string(id_two) + R"(","name":"k","context":"crm"}])");
  server.answer("PATCH /variables/" + std::string(id_two), 200, made(id_two));
  EXPECT_EQ(poly({"variable", "set", "crm.k", "--value", "new"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body(), Json(JsonObject({{"value", "new"}})));
}

TEST_F(Resources, ANewKeyMayExecuteAndGenerateUnlessMoreIsSaid) {
  server.answer("POST /api-keys", 201, R"({"id":"1","name":"n","key":"shown-once"})");
  EXPECT_NE(poly({"key", "add", "n"}).output.find("shown-once"), std::string::npos);
  EXPECT_EQ(server.last_body().at("permissions"),
            Json(JsonObject({{"execute", true}, {"libraryGenerate", true}})));
  poly({"key", "add", "n", "--permission", "customDev,manageJobs", "--permission", "execute"});
  EXPECT_EQ(server.last_body().at("permissions"),
            Json(JsonObject({{"customDev", true}, {"manageJobs", true}, {"execute", true}})));
}

TEST_F(Resources, AnAddedThingWithoutAnIdIsAnError) {
  server.answer("POST /schemas", 200, "ok");
  file("s.json", "{}");
  EXPECT_EQ(poly({"schema", "add", "S", "s.json"}).code, ExitCode::unreachable);
}

}  // namespace
}  // namespace poly::cli
