#include "journal/journal.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::journal {
namespace {

using store::error_from;
using store::finish;
using namespace std::chrono_literals;

constexpr Timestamp start = std::chrono::sys_days(std::chrono::year(2024) / 5 / 1);

struct JournalTest : testing::Test {
  ExecutionRecord run(Timestamp started_at) {
    return {.id = ids.make<ExecutionId>(),
            .environment = environment,
            .kind = spec::Kind::server_function,
            .resource = resource,
            .path = "crm.contacts.get",
            .started_at = started_at,
            .duration_ms = 1.25};
  }
  std::vector<ExecutionId> listed(ExecutionFilter filter) {
    std::vector<ExecutionId> found;
    for (const auto& record : finish(journal.list(filter))) found.push_back(record.id);
    return found;
  }
  void say(std::string text, Timestamp at = start) {
    journal.log({.execution = execution, .resource = resource, .at = at, .text = std::move(text)});
  }
  std::vector<std::string> said(LogFilter filter) {
    std::vector<std::string> texts;
    for (const auto& line : finish(journal.logs(std::move(filter)))) texts.push_back(line.text);
    return texts;
  }

  store::TestStore data;
  ManualClock clock{start};
  Journal journal{*data.store, clock};
  CountingIdSource ids;
  EnvironmentId environment = ids.make<EnvironmentId>();
  ResourceId resource = ids.make<ResourceId>();
  ExecutionId execution = ids.make<ExecutionId>();
};

using Ids = std::vector<ExecutionId>;
using Texts = std::vector<std::string>;

TEST_F(JournalTest, ReadsBackARecordWithEveryField) {
  auto full = run(start);
  full.parent = ids.make<ExecutionId>();
  full.caller = ids.make<ApiKeyId>();
  full.status = ExecutionStatus::timeout;
  full.http_status = 504;
  full.error = "no answer within 2 s";
  full.cold = true;
  full.revision = 3;
  full.queue_ms = 0.5;
  full.run_ms = 2.25;
  full.upstream_ms = 1.125;
  journal.record(full);
  EXPECT_EQ(finish(journal.get(environment, full.id)), full);
}

TEST_F(JournalTest, ReadsBackARecordWithOnlyTheNeededFields) {
  auto bare = run(start);
  bare.resource.reset();
  journal.record(bare);
  EXPECT_EQ(finish(journal.get(environment, bare.id)), bare);
}

TEST_F(JournalTest, WritesTheNamesOfTheProtocol) {
  auto record = run(start);
  record.http_status = 200;
  EXPECT_EQ(to_text(encode(record)),
            R"({"id":")" + record.id.text() + R"(","kind":"serverFunction","resourceId":")" +
                resource.text() +
                R"(","path":"crm.contacts.get","startedAt":"2024-05-01T00:00:00.000Z","durationMs":1.25E0,)"
                R"("status":"ok","httpStatus":200,"cold":false})");
  EXPECT_EQ(to_text(encode(LogLine{.execution = record.id, .resource = resource, .at = start, .text = "hi"})),
            R"({"timestamp":"2024-05-01T00:00:00.000Z","value":"hi","level":"info","executionId":")" +
                record.id.text() + R"("})");
}

TEST_F(JournalTest, KeepsAnExecutionFromOtherEnvironments) {
  const auto record = run(start);
  journal.record(record);
  const auto other = ids.make<EnvironmentId>();
  EXPECT_EQ(error_from(journal.get(other, record.id)).kind, ErrorKind::not_found);
  EXPECT_EQ(listed({.environment = other}), Ids());
}

TEST_F(JournalTest, ListsTheNewestFirstUpToTheLimit) {
  Ids recorded;
  for (int i = 0; i < 5; ++i) {
    const auto record = run(start + i * 1s);
    recorded.insert(recorded.begin(), record.id);
    journal.record(record);
  }
  EXPECT_EQ(listed({.environment = environment}), recorded);
  EXPECT_EQ(listed({.environment = environment, .limit = 2}), (Ids{recorded[0], recorded[1]}));
}

TEST_F(JournalTest, ListsNoMoreThanTheLargestPage) {
  for (std::size_t i = 0; i <= listed_max; ++i) journal.record(run(start));
  EXPECT_EQ(listed({.environment = environment, .limit = 1'000'000}).size(), listed_max);
}

TEST_F(JournalTest, ListsByResourceParentTimeAndStatus) {
  auto parent = run(start);
  auto child = run(start + 1s);
  child.parent = parent.id;
  child.resource = ids.make<ResourceId>();
  child.status = ExecutionStatus::error;
  auto other_child = run(start + 2s);
  other_child.parent = parent.id;
  for (const auto& record : {parent, child, other_child}) journal.record(record);
  EXPECT_EQ(listed({.environment = environment, .resource = resource}), (Ids{other_child.id, parent.id}));
  EXPECT_EQ(listed({.environment = environment, .parent = parent.id}), (Ids{other_child.id, child.id}));
  EXPECT_EQ(listed({.environment = environment, .resource = resource, .parent = parent.id}),
            (Ids{other_child.id}));
  EXPECT_EQ(listed({.environment = environment, .since = start + 1s}), (Ids{other_child.id, child.id}));
  EXPECT_EQ(listed({.environment = environment, .status = ExecutionStatus::error}), (Ids{child.id}));
  EXPECT_EQ(listed({.environment = environment, .resource = resource, .status = ExecutionStatus::error}),
            Ids());
}

TEST_F(JournalTest, SeesWhatOtherThreadsRecordedBefore) {
  constexpr int each = 200;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([this] {
        RandomIdSource random;
        for (int i = 0; i < each; ++i) {
          journal.record({.id = random.make<ExecutionId>(),
                          .environment = environment,
                          .path = "a",
                          .started_at = start});
        }
      });
    }
  }
  EXPECT_EQ(listed({.environment = environment, .limit = listed_max}).size(), 4u * each);
}

TEST_F(JournalTest, ListsLinesInTheOrderInWhichTheyWereSaid) {
  for (const auto* text : {"one", "two", "three"}) say(text);
  EXPECT_EQ(said({.execution = execution}), (Texts{"one", "two", "three"}));
  EXPECT_EQ(said({.resource = resource, .limit = 2}), (Texts{"two", "three"}));
  EXPECT_EQ(said({.resource = ids.make<ResourceId>(), .execution = execution}), Texts());
}

TEST_F(JournalTest, FindsAKeywordAsItIsWritten) {
  for (const auto* text : {"50% done", "500 done", "a_b", "axb", "back\\slash"}) say(text);
  EXPECT_EQ(said({.resource = resource, .keyword = "0%"}), (Texts{"50% done"}));
  EXPECT_EQ(said({.resource = resource, .keyword = "A_B"}), (Texts{"a_b"}));
  EXPECT_EQ(said({.resource = resource, .keyword = "\\"}), (Texts{"back\\slash"}));
  EXPECT_EQ(said({.resource = resource, .keyword = "' OR 1=1 --"}), Texts());
}

TEST_F(JournalTest, ListsLinesSinceATime) {
  say("old", start);
  say("new", start + 1h);
  EXPECT_EQ(said({.resource = resource, .since = start + 1h}), (Texts{"new"}));
}

TEST_F(JournalTest, KeepsALineThatBelongsToNoCall) {
  const LogLine line{
      .resource = resource, .revision = 2, .at = start, .level = LogLevel::error, .text = "loading"};
  journal.log(line);
  EXPECT_EQ(finish(journal.logs({.resource = resource})), std::vector{line});
}

TEST_F(JournalTest, CutsALineThatIsTooLongBetweenCharacters) {
  say(std::string(line_bytes_max, 'x'));
  std::string long_line;
  while (long_line.size() <= line_bytes_max) long_line += "é€";
  say(long_line);
  const auto lines = said({.resource = resource});
  EXPECT_EQ(lines[0], std::string(line_bytes_max, 'x'));
  EXPECT_LE(lines[1].size(), line_bytes_max);
  EXPECT_GT(lines[1].size(), line_bytes_max - 8);
  EXPECT_TRUE(lines[1].ends_with("€ … (cut)") || lines[1].ends_with("é … (cut)"));
}

TEST_F(JournalTest, DeletesTheLinesOfOneFunction) {
  say("mine");
  const auto other = ids.make<ResourceId>();
  journal.log({.resource = other, .at = start, .text = "other"});
  finish(journal.delete_logs(resource));
  EXPECT_EQ(said({.resource = resource}), Texts());
  EXPECT_EQ(said({.resource = other}), (Texts{"other"}));
}

TEST_F(JournalTest, SweepsWhatIsOlderThanTheRetention) {
  const auto kept = run(start);
  journal.record(kept);
  say("kept", start);
  for (int i = 0; i < 2'500; ++i) {
    journal.record(run(start - 1ms));
    say("old", start - 1ms);
  }
  finish(data.store->flush());
  clock.advance(retention);
  finish(journal.sweep());
  EXPECT_EQ(listed({.environment = environment}), (Ids{kept.id}));
  EXPECT_EQ(said({.resource = resource}), (Texts{"kept"}));
}

}  // namespace
}  // namespace poly::journal
