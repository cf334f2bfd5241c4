#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(OpenApiOptions, AreCheckedBeforeAnythingElse) {
  EXPECT_TRUE(error_of_training("", {.context = "a b"}).starts_with("context: 'a b'"));
  EXPECT_EQ(error_of_training("", {.host_url = "localhost"}),
            "hostUrl: 'localhost' is not an http or https URL");
  EXPECT_EQ(error_of_training("", {.host_url_as_argument = "a-b"}),
            "hostUrlAsArgument: 'a-b' is no name for an argument");
}

constexpr auto ping = "openapi: 3.0.0\ninfo: {title: t}\npaths: {/ping: {get: {responses: {}}}}\n";

std::string ping_url(const std::string& servers, OpenApiOptions options = {}) {
  return trained(ping + servers, options).functions.at(0).source.url;
}

TEST(Servers, TheFirstOneIsTheHost) {
  EXPECT_EQ(ping_url("servers: [{url: 'https://a.example/v1/'}, {url: 'https://b.example'}]"),
            "https://a.example/v1/ping");
}

TEST(Servers, AHostOfTheOptionsReplacesAnAbsoluteServerAndPrecedesARelativeOne) {
  const OpenApiOptions local{.host_url = "http://localhost:4010/"};
  EXPECT_EQ(ping_url("servers: [{url: 'https://a.example/v1'}]", local), "http://localhost:4010/ping");
  EXPECT_EQ(ping_url("servers: [{url: 'protocol://name:<port>/'}]", local), "http://localhost:4010/ping");
  EXPECT_EQ(ping_url("servers: [{url: 'https://{x}.example'}]", local), "http://localhost:4010/ping");
  EXPECT_EQ(ping_url("servers: [{url: /v1}]", local), "http://localhost:4010/v1/ping");
  EXPECT_EQ(ping_url("", local), "http://localhost:4010/ping");
}

TEST(Servers, TheHostCanBeTheFirstArgument) {
  const auto input = trained(std::string(ping) + "servers: [{url: /v1}]", {.host_url_as_argument = ""});
  EXPECT_EQ(input.functions[0].source.url, "{{hostUrl}}/v1/ping");
  EXPECT_EQ(signature_of(input.functions[0]), "hostUrl");
  EXPECT_EQ(ping_url("", {.host_url_as_argument = "base"}), "{{base}}/ping");
}

TEST(Servers, AnUnknownHostIsAnErrorThatSaysWhatToDo) {
  EXPECT_EQ(error_of_training(ping), "the document names no host; give a host URL, or make it an argument");
  EXPECT_EQ(
      error_of_training(std::string(ping) + "servers: [{url: /v1}]"),
      "the document names no host: its server '/v1' is only a path; give a host URL, or make it an argument");
  EXPECT_EQ(error_of_training(std::string(ping) + "servers: [{url: 'https://{x}.example'}]"),
            "server variable 'x' has no default; give a host URL");
  EXPECT_TRUE(
      error_of_training(std::string(ping) + "servers: [{url: 'ws://a'}]").contains("neither an http"));
}

}  // namespace
}  // namespace poly::training
