#include "cli/testing.hpp"

namespace poly::cli {
namespace {

using testing::CommandTest;

class CommandLineTest : public CommandTest {};

TEST_F(CommandLineTest, AMisspelledCommandIsAUsageErrorThatSuggestsOne) {
  const auto ended = poly({"functoin", "list"});
  EXPECT_EQ(ended.code, ExitCode::usage);
  EXPECT_EQ(ended.errors, "error: unknown command 'poly functoin'\nhint: did you mean 'poly function'?\n");
  EXPECT_EQ(poly({"function", "ad"}).errors,
            "error: unknown command 'poly function ad'\nhint: did you mean 'poly function add'?\n");
}

TEST_F(CommandLineTest, AMisspelledOptionIsAUsageErrorThatSuggestsOne) {
  EXPECT_EQ(poly({"webhook", "list", "--contxt", "a"}).errors,
            "error: unknown option '--contxt'\nhint: did you mean '--context'?\n");
}

TEST_F(CommandLineTest, AUsageErrorSendsNothingAndIsJsonForThoseWhoAskForJson) {
  const auto ended = poly({"job", "add", "x", "--json"});
  EXPECT_EQ(ended.code, ExitCode::usage);
  EXPECT_EQ(ended.document().at("error").at("exitCode"), 2);
  EXPECT_EQ(ended.document().at("error").at("message"), "give one of --cron, --interval, --at");
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(CommandLineTest, EveryCommandHasHelp) {
  const std::vector<std::vector<std::string>> commands{{"login"},
                                                       {"doctor"},
                                                       {"generate"},
                                                       {"search"},
                                                       {"execute"},
                                                       {"logs"},
                                                       {"model", "generate"},
                                                       {"model", "train"},
                                                       {"model", "validate"},
                                                       {"function", "add"},
                                                       {"function", "list"},
                                                       {"webhook", "add"},
                                                       {"trigger", "add"},
                                                       {"job", "add"},
                                                       {"job", "run"},
                                                       {"variable", "add"},
                                                       {"variable", "set"},
                                                       {"schema", "add"},
                                                       {"snippet", "add"},
                                                       {"key", "add"},
                                                       {"key", "delete"}};
  for (auto command : commands) {
    command.push_back("--help");
    const auto ended = poly(command);
    EXPECT_EQ(ended.code, ExitCode::ok) << command.front();
    EXPECT_NE(ended.output.find("Examples:"), std::string::npos) << ended.output;
    EXPECT_NE(ended.output.find("--json"), std::string::npos) << ended.output;
  }
  EXPECT_EQ(poly({"--help"}).code, ExitCode::ok);
  EXPECT_EQ(poly({"--version"}).output, "poly " + std::string(version) + "\n");
}

TEST_F(CommandLineTest, AWordThatIsAlsoACommandCanBeAnArgument) {
  server.answer("GET /specs", 200, R"([{"id":"1","type":"schema","context":"job","name":"list"}])");
  const auto ended = poly({"search", "job", "list"});
  EXPECT_EQ(ended.code, ExitCode::ok) << ended.errors;
  EXPECT_NE(ended.output.find("job.list"), std::string::npos);
}

TEST_F(CommandLineTest, TheServersReasonsComeOneALine) {
  server.answer("POST /schemas", 400, R"({"statusCode":400,"message":["$.name: bad","$.context: bad"]})");
  file("s.json", "{}");
  const auto ended = poly({"schema", "add", "1", "s.json"});
  EXPECT_EQ(ended.code, ExitCode::bad_input);
  EXPECT_EQ(ended.errors, "error: there are 2 problems:\n  $.name: bad\n  $.context: bad\n");
}

TEST_F(CommandLineTest, AServerThatIsNotThereHasItsOwnCode) {
  environment["POLY_API_BASE_URL"] = "http://127.0.0.1:1";
  const auto ended = poly({"webhook", "list"});
  EXPECT_EQ(ended.code, ExitCode::unreachable);
  EXPECT_NE(ended.errors.find("connection refused"), std::string::npos) << ended.errors;
}

TEST_F(CommandLineTest, AnAnswerThatIsNoListIsNotTakenForAnEmptyOne) {
  server.answer("GET /webhooks", 200, "<html>welcome</html>");
  const auto ended = poly({"webhook", "list"});
  EXPECT_EQ(ended.code, ExitCode::unreachable);
  EXPECT_NE(ended.errors.find("the answer is no list"), std::string::npos) << ended.errors;
}

}  // namespace
}  // namespace poly::cli
