#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;
using testing::id_one;

constexpr const char* overview = R"({"revision":3,"latestRevision":4,
  "traffic":[{"revision":3,"percent":90},{"revision":4,"percent":10}],
  "canary":{"candidate":4,"stable":3,"beganAt":"2024-05-01T12:00:00.000Z","errorPercentMax":5,"callsMin":50,"minutes":30},
  "revisions":[
    {"number":4,"status":"canary","percent":10,"calls":40,"errors":3,"deployedAt":"2024-05-01T12:00:00.000Z",
     "deployedBy":"k","deployedByName":"ann","note":"faster"},
    {"number":3,"status":"serving","percent":90,"calls":360,"errors":0,"deployedAt":"2024-04-01T12:00:00.000Z","note":""}]})";

class Revisions : public CommandTest {
 protected:
  Revisions() {
    server.answer("GET /functions/any/shop.place", 200,
                  R"({"id":")" + std::string(id_one) + R"(","type":"serverFunction"})");
    server.answer("GET " + address("/revisions"), 200, overview);
    server.answer("POST " + address("/rollback"), 200, overview);
    server.answer("PUT " + address("/traffic"), 200, overview);
    server.answer("POST /functions/server", 201, R"({"id":")" + std::string(id_one) + R"("})");
    file("place.ts", "export function place() {}");
  }
  static std::string address(const std::string& end) {
    return "/functions/server/" + std::string(id_one) + end;
  }
};

TEST_F(Revisions, AreATableThatEndsWithTheTrial) {
  const auto ended = poly({"function", "revisions", "shop.place"});
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.output,
            "REVISION  STATUS   PERCENT  CALLS  ERRORS     DEPLOYED                  BY   NOTE\n"
            "4         canary   10 %     40     3 (7.5 %)  2024-05-01T12:00:00.000Z  ann  faster\n"
            "3         serving  90 %     360    0          2024-04-01T12:00:00.000Z\n"
            "\n"
            "revision 4 is on trial since 2024-05-01T12:00:00.000Z: it takes all calls after 30 minutes, or "
            "revision 3 does when more than 5 % of at least 50 calls fail\n");
  EXPECT_EQ(poly({"function", "revisions", "shop.place", "--json"}).document().at("latestRevision"), 4);
}

TEST_F(Revisions, AreGoneBackTo) {
  ASSERT_EQ(poly({"function", "rollback", "shop.place"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body(), Json(JsonObject{}));
  ASSERT_EQ(poly({"function", "rollback", "shop.place", "--to", "2"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body(), Json(JsonObject{{"revision", 2}}));
}

TEST_F(Revisions, ShareCallsAsTheArgumentsSay) {
  const JsonArray shares{JsonObject{{"revision", 3}, {"percent", 90}},
                         JsonObject{{"revision", 4}, {"percent", 10}}};
  ASSERT_EQ(poly({"function", "traffic", "shop.place", "3=90", "4=10"}).code, ExitCode::ok);
  EXPECT_EQ(server.last_body(), Json(JsonObject{{"shares", shares}}));
  ASSERT_EQ(
      poly({"function", "traffic", "shop.place", "3=90", "4=10", "--canary", "--error-percent-max", "2.5"})
          .code,
      ExitCode::ok);
  const JsonObject canary{{"errorPercentMax", 2.5}};
  EXPECT_EQ(server.last_body(), Json(JsonObject{{"shares", shares}, {"canary", canary}}));
}

TEST_F(Revisions, WhatCannotBeIsRefusedBeforeItIsSent) {
  EXPECT_EQ(poly({"function", "traffic", "shop.place"}).code, ExitCode::usage);
  EXPECT_EQ(poly({"function", "traffic", "shop.place", "3=many"}).code, ExitCode::bad_input);
  EXPECT_EQ(poly({"function", "traffic", "shop.place", "3=100", "--minutes", "3"}).code, ExitCode::bad_input);
  for (const auto& request : server.seen()) EXPECT_EQ(request.method, http::Method::get);
}

TEST_F(Revisions, AreDeployedWithoutCallsOrOnTrial) {
  const auto add = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"function",  "add",  "place",   "place.ts",
                                       "--context", "shop", "--server"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return poly(arguments).code;
  };
  ASSERT_EQ(add({"--no-traffic", "--note", "try it"}), ExitCode::ok);
  EXPECT_EQ(server.last_body().at("traffic"), "none");
  EXPECT_EQ(server.last_body().at("note"), "try it");
  ASSERT_EQ(add({"--canary", "10", "--calls-min", "20"}), ExitCode::ok);
  EXPECT_EQ(server.last_body().at("traffic"), "canary");
  EXPECT_EQ(server.last_body().at("canaryPercent"), 10);
  EXPECT_EQ(server.last_body().at("canary"), Json(JsonObject{{"callsMin", 20}}));
  EXPECT_EQ(add({"--no-traffic", "--canary", "10"}), ExitCode::usage);
  EXPECT_EQ(add({"--minutes", "10"}), ExitCode::bad_input);
}

}  // namespace
}  // namespace poly::cli
