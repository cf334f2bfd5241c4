#include "cli/settings.hpp"

#include <sys/stat.h>

#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;

class Settings : public CommandTest {
 protected:
  ServerSettings found() {
    World world{terminal_, environment, folder};
    return find_settings(world);
  }
  std::string refusal() {
    try {
      found();
    } catch (const Failure& failure) {
      return failure.error().message;
    }
    return "it worked";
  }
  void store(std::string_view text) { file(".config/openpoly/config.toml", text); }

  testing::MemoryTerminal terminal_;
};

TEST_F(Settings, TheEnvironmentWinsOverTheFile) {
  store("api_base_url = \"http://other:1\"\napi_key = \"other\"\n");
  EXPECT_EQ(base_url_text(found().base_url), server.url());
  EXPECT_EQ(found().api_key.reveal(), testing::key);
}

TEST_F(Settings, AKeyOfTheFileGoesOnlyToTheServerOfTheFile) {
  environment.erase("POLY_API_KEY");
  store("api_base_url = \"http://other:1\"\napi_key = \"other\"\n");
  EXPECT_TRUE(found().api_key.empty());
  store("api_base_url = \"" + server.url() + "/\"\napi_key = \"mine\"\n");
  EXPECT_EQ(found().api_key.reveal(), "mine");
}

TEST_F(Settings, WithoutAServerTheErrorSaysHowToNameOne) {
  environment.erase("POLY_API_BASE_URL");
  EXPECT_EQ(refusal(), "no server is named; run `poly login URL` or set POLY_API_BASE_URL and POLY_API_KEY");
}

TEST_F(Settings, WhatTheFileMayNotSayIsNamed) {
  environment.erase("POLY_API_KEY");
  const auto name = (folder / ".config/openpoly/config.toml").string();
  store("api_url = \"http://a\"\n");
  EXPECT_EQ(refusal(), name + ": unknown setting 'api_url'; known are api_base_url and api_key");
  store("api_key = 7\n");
  EXPECT_EQ(refusal(), name + ": api_key must be a text in quotes");
  store("api_key = \n");
  EXPECT_TRUE(refusal().starts_with(name + ": line 1: ")) << refusal();
}

TEST_F(Settings, LoginChecksTheKeyAndKeepsItForItsOwnerOnly) {
  environment = {{"HOME", folder.string()}};
  server.answer("GET /auth", 200, R"({"tenant":{"name":"acme"},"environment":{"name":"test"}})");
  const auto ended = poly({"login", server.url() + "/", "--json"}, std::string(testing::key) + "\n");
  ASSERT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_EQ(ended.document().at("environment"), "test");
  EXPECT_EQ(ended.output.find(testing::key), std::string::npos);
  struct stat status{};
  ASSERT_EQ(::stat((folder / ".config/openpoly/config.toml").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(base_url_text(found().base_url), server.url());
  EXPECT_EQ(found().api_key.reveal(), testing::key);
}

TEST_F(Settings, LoginWithAKeyThatNobodyHasKeepsNothing) {
  environment = {{"HOME", folder.string()}};
  server.answer("GET /auth", 401, R"({"statusCode":401,"message":"Unauthorized"})");
  EXPECT_EQ(poly({"login", server.url()}, "wrong\n").code, ExitCode::not_allowed);
  EXPECT_EQ(poly({"login", server.url()}, "\n").code, ExitCode::bad_input);
  EXPECT_FALSE(std::filesystem::exists(folder / ".config"));
}

}  // namespace
}  // namespace poly::cli
