#include <gtest/gtest.h>

#include "cli/suggestion.hpp"
#include "cli/table.hpp"
#include "cli/testing.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

using testing::MemoryTerminal;

std::string reason_of(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const Failure& failure) {
    return failure.error().message;
  }
  return "it worked";
}

TEST(ExitCodes, EveryErrorKindHasACodeThatIsNotOk) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind)
    EXPECT_NE(exit_code_of(static_cast<ErrorKind>(kind)), ExitCode::ok) << kind;
}

TEST(ExitCodes, StatusesOfTheProtocolKeepTheirDocumentedCodes) {
  const std::map<int, int> documented{{400, 6}, {401, 4}, {403, 4}, {404, 3}, {408, 8},
                                      {409, 5}, {413, 6}, {415, 6}, {422, 6}, {429, 1},
                                      {500, 1}, {501, 1}, {502, 7}, {503, 7}, {504, 8}};
  for (const auto& [status, code] : documented)
    EXPECT_EQ(static_cast<int>(exit_code_of(kind_of_status(status))), code) << status;
}

TEST(Tables, ColumnsAreAlignedByCharactersAndLinesHaveNoBlanksAtTheirEnd) {
  Table table({"NAME", "ID"});
  table.add({"größe", "1"});
  table.add({"x", ""});
  EXPECT_EQ(table.text(), "NAME   ID\ngröße  1\nx\n");
}

TEST(Tables, TextThatCouldMoveTheCursorLosesItsControlCharacters) {
  Table table({"A"});
  table.add({"one\ntwo\x1b[31m\x07"});
  EXPECT_EQ(table.text(), "A\none two[31m\n");
}

TEST(Tables, ACellAtTheLimitStaysAndOnePastItIsShortened) {
  Table table({"A"});
  const std::string longest(cell_characters_max, 'a');
  table.add({longest});
  table.add({longest + "b"});
  EXPECT_EQ(table.text(), "A\n" + longest + "\n" + longest.substr(1) + "…\n");
}

TEST(Suggestions, ASlipFindsItsWordAndAnotherWordFindsNone) {
  const std::vector<std::string> words{"function", "webhook", "job"};
  EXPECT_EQ(nearest_word("functoin", words), "function");
  EXPECT_EQ(nearest_word("jbo", words), "job");
  EXPECT_EQ(nearest_word("webhok", words), "webhook");
  EXPECT_EQ(nearest_word("table", words), std::nullopt);
}

class Values : public ::testing::Test {
 protected:
  MemoryTerminal terminal_;
  World world_{terminal_, {}, std::filesystem::temp_directory_path()};
};

TEST_F(Values, AnArgumentIsJsonWhenItParsesAndElseText) {
  EXPECT_EQ(named_value("--arg", "id=7", world_).second, Json(7));
  EXPECT_EQ(named_value("--arg", "id=\"7\"", world_).second, Json("7"));
  EXPECT_EQ(named_value("--arg", "text=a=b", world_).second, Json("a=b"));
  EXPECT_EQ(named_value("--arg", "empty=", world_).second, Json(""));
}

TEST_F(Values, AnArgumentWithoutANameIsRefusedWithTheOption) {
  EXPECT_EQ(reason_of([&] { named_value("--arg", "=7", world_); }),
            "--arg: '=7' is not of the form name=value");
  EXPECT_EQ(reason_of([&] { named_value("--arg", "id", world_); }),
            "--arg: 'id' is not of the form name=value");
}

TEST_F(Values, AnAtReadsAFileAndTwoAreText) {
  const auto file = world_.folder / "poly-values-test.json";
  write_file(file, "[1]");
  EXPECT_EQ(json_of_argument("--data", "@poly-values-test.json", world_), Json(JsonArray{1}));
  EXPECT_EQ(text_of_argument("@@home", world_), "@home");
  std::filesystem::remove(file);
  EXPECT_EQ(reason_of([&] { text_of_argument("@poly-values-test.json", world_); }),
            "reading " + file.string() + ": No such file or directory");
}

TEST_F(Values, DurationsHaveUnitsAndWrongOnesAreNamed) {
  EXPECT_EQ(duration_of("--since", "90"), std::chrono::seconds(90));
  EXPECT_EQ(duration_of("--since", "15m"), std::chrono::minutes(15));
  EXPECT_EQ(duration_of("--since", "2h"), std::chrono::hours(2));
  EXPECT_EQ(duration_of("--since", "7d"), std::chrono::hours(168));
  for (const auto* wrong : {"", "h", "-1h", "0", "1w", "1.5h", "99999999999999999999h"})
    EXPECT_EQ(reason_of([&] { duration_of("--since", wrong); }),
              "--since: '" + std::string(wrong) + "' is not a duration such as 90s, 15m, 2h or 7d");
}

TEST_F(Values, WordsAreJoinedByCommasOrGivenAgain) {
  EXPECT_EQ(words_of({"a,b", "c", "", ",d,"}), (std::vector<std::string>{"a", "b", "c", "d"}));
}

}  // namespace
}  // namespace poly::cli
