#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::store {
namespace {

std::unique_ptr<Connection> connect(const std::filesystem::path& folder) {
  return value_or_throw(Connection::open(folder / "openpoly.db", Connection::Access::write));
}

TEST(Migrations, AreNumberedWithoutGaps) {
  int expected = 0;
  for (const auto& migration : migrations()) EXPECT_EQ(migration.number, ++expected);
}

TEST(Migrations, BringEveryOlderFileUpToDateAndKeepItsRows) {
  for (std::size_t version = 1; version < migrations().size(); ++version) {
    TemporaryFolder folder;
    {
      auto older = connect(folder.path());
      ASSERT_TRUE(migrate(*older, migrations().first(version)));
      ASSERT_TRUE(older->execute("INSERT INTO tenants (id, name, created_at) VALUES ('t', 'kept', 1)"));
    }
    BlockingPool pool(1);
    auto store = value_or_throw(Store::open(folder.path(), pool));
    EXPECT_EQ(finish(store->read(statement("SELECT name FROM tenants")))[0].text(0), "kept");
    EXPECT_EQ(finish(store->read(statement("SELECT count(*) FROM schema_migrations")))[0].integer(0),
              std::ssize(migrations()));
  }
}

TEST(Migrations, PackTheIdsOfAnOlderJournal) {
  const ExecutionId execution{Uuid{{1, 2, 3}}};
  const ResourceId function{Uuid{{4, 5, 6}}};
  TemporaryFolder folder;
  auto connection = connect(folder.path());
  ASSERT_TRUE(migrate(*connection, migrations().first(10)));
  ASSERT_TRUE(connection->execute(statement(
      "INSERT INTO executions (id, environment_id, kind, resource_id, path, started_at, duration_us, status, "
      "cold) VALUES ($1, $2, 'serverFunction', $3, 'a.b', 5, 7, 'success', 0)",
      execution, EnvironmentId{Uuid{{7}}}, function)));
  ASSERT_TRUE(connection->execute(
      statement("INSERT INTO execution_logs (execution_id, resource_id, at, level, text) VALUES ($1, $2, 5, "
                "'info', 'said')",
                execution, function)));
  ASSERT_TRUE(migrate(*connection, migrations()));
  const auto runs = value_or_throw(connection->query(
      statement("SELECT id, resource_id, parent_id, path FROM executions WHERE id = $1", packed(execution))));
  ASSERT_EQ(runs.size(), 1);
  EXPECT_EQ(runs[0].id<ExecutionId>(0), execution);
  EXPECT_EQ(runs[0].id<ResourceId>(1), function);
  EXPECT_TRUE(runs[0].is_null(2));
  EXPECT_EQ(runs[0].text(3), "a.b");
  const auto lines = value_or_throw(connection->query(
      statement("SELECT execution_id, text FROM execution_logs WHERE resource_id = $1", packed(function))));
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0].id<ExecutionId>(0), execution);
  EXPECT_EQ(lines[0].text(1), "said");
}

TEST(Migrations, RefuseAFileOfANewerProgram) {
  TestStore test;
  finish(
      test.store->write({statement("INSERT INTO schema_migrations (number, name) VALUES (99, 'future')")}));
  test.store.reset();
  const auto store = Store::open(test.folder.path(), test.pool);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::conflict);
  EXPECT_NE(store.error().message.find("version 99"), std::string::npos) << store.error().message;
}

TEST(Migrations, LeaveTheFileAsItWasWhenOneFails) {
  TemporaryFolder folder;
  auto connection = connect(folder.path());
  constexpr auto broken =
      std::to_array<Migration>({{1, "good", "CREATE TABLE a (x BIGINT);"},
                                {2, "bad", "CREATE TABLE b (x BIGINT); INSERT INTO nowhere VALUES (1);"}});
  const auto done = migrate(*connection, broken);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("migration 2 (bad)"), std::string::npos) << done.error().message;
  EXPECT_TRUE(connection->query(statement("SELECT * FROM a")));
  EXPECT_FALSE(connection->query(statement("SELECT * FROM b")));
}

}  // namespace
}  // namespace poly::store
