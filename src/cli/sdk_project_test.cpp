#include "cli/testing.hpp"

namespace poly::cli {
namespace {

namespace fs = std::filesystem;
using testing::CommandTest;

constexpr std::string_view one_function =
    R"([{"id":"11111111-1111-4111-8111-111111111111","type":"serverFunction","context":"shop","name":"place",
        "contextName":"shop.place","description":"","state":"ALPHA","requirements":[],"serverSideAsync":false,
        "function":{"arguments":[],"returnType":{"kind":"void"}},
        "visibilityMetadata":{"visibility":"ENVIRONMENT"}}])";

class SdkProject : public CommandTest {
 protected:
  SdkProject() {
    server.answer("GET /specs", 200, std::string(one_function));
    server.answer("GET /health/ready", 200, R"({"status":"ready","version":"1.2.3","checks":[]})");
    server.answer("GET /auth", 200, R"({"permissions":{"execute":true}})");
    file("package.json", "{}");
  }

  std::string health_of(const testing::Ended& ended, const char* name) {
    const auto document = ended.document();
    for (const auto& check : document.at("checks").as_array())
      if (check.at("name") == name) return std::string(check.at("health").as_string());
    return "not looked at";
  }
};

TEST_F(SdkProject, TheSdkGoesIntoTheNearestNpmProjectUnderBothNames) {
  fs::create_directories(folder / "src/deep");
  folder /= "src/deep";
  const auto ended = poly({"generate", "--json"});
  folder = folder.parent_path().parent_path();
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.document().at("specs"), 1);
  EXPECT_TRUE(fs::exists(folder / "node_modules/openpoly/package.json"));
  EXPECT_TRUE(fs::exists(folder / "node_modules/polyapi/package.json"));
}

TEST_F(SdkProject, WithoutAProjectAFolderMustBeNamed) {
  fs::remove(folder / "package.json");
  EXPECT_EQ(poly({"generate"}).code, ExitCode::bad_input);
  EXPECT_EQ(poly({"generate", "--language", "typescript", "--output", "sdk"}).code, ExitCode::ok);
  EXPECT_TRUE(fs::exists(folder / "sdk/openpoly/package.json"));
}

TEST_F(SdkProject, GeneratingAgainLeavesNothingOfBefore) {
  ASSERT_EQ(poly({"generate"}).code, ExitCode::ok);
  file("node_modules/openpoly/left-over.js", "");
  ASSERT_EQ(poly({"generate"}).code, ExitCode::ok);
  EXPECT_FALSE(fs::exists(folder / "node_modules/openpoly/left-over.js"));
  for (const auto& entry : fs::directory_iterator(folder / "node_modules"))
    EXPECT_FALSE(entry.path().filename().string().starts_with('.')) << entry.path();
}

TEST_F(SdkProject, APackageThatWasInstalledFromElsewhereIsLeftAlone) {
  file("node_modules/polyapi/package.json", R"({"name":"polyapi","version":"0.27.1"})");
  const auto ended = poly({"generate"});
  EXPECT_EQ(ended.code, ExitCode::ok);
  EXPECT_NE(ended.errors.find("installed from elsewhere"), std::string::npos) << ended.errors;
  EXPECT_EQ(read_json_file(folder / "node_modules/polyapi/package.json").at("version"), "0.27.1");
}

TEST_F(SdkProject, TheKeyIsNotInThePackage) {
  ASSERT_EQ(poly({"generate"}).code, ExitCode::ok);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "node_modules")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(read_file(entry.path()).find(testing::key), std::string::npos) << entry.path();
  }
}

TEST_F(SdkProject, DoctorTellsAnSdkThatIsOlderThanTheCatalog) {
  EXPECT_EQ(health_of(poly({"doctor", "--json"}), "sdk"), "warn");
  ASSERT_EQ(poly({"generate", "--context", "shop"}).code, ExitCode::ok);
  EXPECT_EQ(health_of(poly({"doctor", "--json"}), "sdk"), "ok");
  EXPECT_EQ(server.seen().back().query(), "noTypes=false&contexts=shop");
  server.answer("GET /specs", 200, "[]");
  EXPECT_EQ(health_of(poly({"doctor", "--json"}), "sdk"), "warn");
}

TEST_F(SdkProject, DoctorFailsOnAKeyThatNobodyHasAndSaysWhatToDo) {
  server.answer("GET /auth", 401, R"({"statusCode":401,"message":"Unauthorized"})");
  const auto ended = poly({"doctor"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_NE(ended.output.find("fail  key: Unauthorized\n      → `poly login URL`"), std::string::npos)
      << ended.output;
}

TEST_F(SdkProject, DoctorGoesOnWithWhatItCanLookAtWhenNoServerIsThere) {
  environment["POLY_API_BASE_URL"] = "http://127.0.0.1:1";
  const auto ended = poly({"doctor", "--json"});
  EXPECT_EQ(ended.code, ExitCode::failed);
  EXPECT_EQ(health_of(ended, "server"), "fail");
  EXPECT_EQ(health_of(ended, "key"), "not looked at");
  EXPECT_NE(health_of(ended, "node"), "not looked at");
}

}  // namespace
}  // namespace poly::cli
