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
