#include "store/store.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::store {
namespace {

constexpr std::string_view insert_tenant = "INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)";
constexpr std::string_view rename_tenant = "UPDATE tenants SET name = $2 WHERE id = $1";
constexpr std::string_view count_tenants = "SELECT count(*) FROM tenants";

Statement tenant(std::string id, std::string name = "acme") {
  return statement(insert_tenant, std::move(id), std::move(name), std::int64_t{1});
}

std::int64_t tenants_in(Store& store) {
  return finish(store.read(statement(count_tenants)))[0].integer(0);
}

Task<void> write_many(Store& store, int first, int count, int& acknowledged) {
  for (int i = first; i < first + count; ++i) {
    std::vector<Statement> batch{tenant(std::to_string(i))};
    co_await store.write(std::move(batch));
    ++acknowledged;
  }
}

TEST(Store, ReadsBackEveryTypeOfValue) {
  TestStore test;
  const auto rows =
      finish(test.store->read(statement("SELECT $2, $1, $3, $4, $5, $6", std::int64_t{-7}, "text", 1.5,
                                        Blob{{0, 255}}, TenantId{}, std::optional<std::string>())));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].text(0), "text");
  EXPECT_EQ(rows[0].integer(1), -7);
  EXPECT_EQ(rows[0].real(2), 1.5);
  EXPECT_EQ(rows[0].blob(3), (Blob{{0, 255}}));
  EXPECT_EQ(rows[0].id<TenantId>(4), TenantId{});
  EXPECT_TRUE(rows[0].is_null(5));
  EXPECT_EQ(rows[0].text_or_null(5), std::nullopt);
}

TEST(Store, RefusesToReadACellAsAnotherType) {
  TestStore test;
  const auto rows = finish(test.store->read(statement("SELECT 1")));
  EXPECT_THROW(rows[0].text(0), Failure);
  EXPECT_THROW(rows[0].integer(1), Failure);
  EXPECT_THROW(rows[0].id<TenantId>(0), Failure);
}

TEST(Store, KeepsTextWithZeroBytesAndQuotes) {
  TestStore test;
  const std::string name("a'\0\"\xC3\xA9", 6);
  finish(test.store->write({tenant("1", name)}));
  EXPECT_EQ(finish(test.store->read(statement("SELECT name FROM tenants")))[0].text(0), name);
}

TEST(Store, ShowsAWriteToTheReadThatFollows) {
  TestStore test;
  for (int i = 1; i <= 20; ++i) {
    finish(test.store->write({tenant(std::to_string(i))}));
    EXPECT_EQ(tenants_in(*test.store), i);
  }
}

TEST(Store, KeepsWhatWasWrittenWhenItIsOpenedAgain) {
  TestStore test;
  finish(test.store->write({tenant("1")}));
  test.store->write_later({tenant("2")});
  test.reopen();
  EXPECT_EQ(tenants_in(*test.store), 2);
}

TEST(Store, UndoesAWholeBatchWhenOneStatementFails) {
  TestStore test;
  finish(test.store->write({tenant("1")}));
  const auto error = error_from(test.store->write({tenant("2"), tenant("1")}));
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_NE(error.message.find("UNIQUE constraint failed: tenants.id"), std::string::npos) << error.message;
  EXPECT_EQ(tenants_in(*test.store), 1);
}

TEST(Store, UndoesTheBatchWhenAnotherNumberOfRowsChanged) {
  TestStore test;
  auto rename = statement(rename_tenant, "nobody", "x");
  rename.rows_expected = 1;
  EXPECT_EQ(error_from(test.store->write({tenant("1"), rename})).kind, ErrorKind::conflict);
  EXPECT_EQ(error_from(test.store->write({rename})).kind, ErrorKind::conflict);
  EXPECT_EQ(tenants_in(*test.store), 0);
  rename.parameters[0] = "1";
  finish(test.store->write({tenant("1"), rename}));
  EXPECT_EQ(tenants_in(*test.store), 1);
}

TEST(Store, KeepsForeignKeys) {
  TestStore test;
  constexpr std::string_view insert =
      "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) "
      "VALUES ($1, $2, $3, $4, $5)";
  const auto orphan = statement(insert, "e", "nobody", "n", "s", std::int64_t{0});
  EXPECT_EQ(error_from(test.store->write({orphan})).kind, ErrorKind::conflict);
}

TEST(Store, NamesTheStatementThatIsWrong) {
  TestStore test;
  EXPECT_NE(error_from(test.store->read(statement("SELECT nothing FROM nowhere"))).message.find("nowhere"),
            std::string::npos);
  EXPECT_EQ(error_from(test.store->read(statement(count_tenants, "superfluous"))).message,
            "running 'SELECT count(*) FROM tenants': it takes 0 parameters, got 1");
  EXPECT_EQ(error_from(test.store->read(statement("SELECT 1; SELECT 2"))).message,
            "preparing 'SELECT 1; SELECT 2': it must be exactly one statement");
  EXPECT_EQ(error_from(test.store->read(statement("SELECT ?", "a"))).message,
            "preparing 'SELECT ?': parameters must be $1 to $n");
}

TEST(Store, DoesNotWriteThroughARead) {
  TestStore test;
  EXPECT_EQ(error_from(test.store->read(tenant("1"))).kind, ErrorKind::unavailable);
  EXPECT_EQ(tenants_in(*test.store), 0);
}

TEST(GroupCommit, CommitsConcurrentWritesTogether) {
  TestStore test;
  boost::asio::io_context loop(1);
  int acknowledged = 0;
  constexpr int writers = 50;
  constexpr int each = 20;
  for (int i = 0; i < writers; ++i) {
    boost::asio::co_spawn(loop, write_many(*test.store, i * each, each, acknowledged), boost::asio::detached);
  }
  loop.run();
  const auto counters = test.store->counters();
  EXPECT_EQ(acknowledged, writers * each);
  EXPECT_EQ(counters.batches, static_cast<std::uint64_t>(writers * each));
  EXPECT_EQ(counters.rows, counters.batches);
  EXPECT_LT(counters.commits, counters.batches / 4);
  EXPECT_EQ(counters.queued_batches, 0u);
  EXPECT_EQ(counters.queued_bytes, 0u);
}

TEST(GroupCommit, TakesNoMoreBatchesIntoOneCommitThanItsLimit) {
  constexpr int batches = 60;
  for (const std::size_t limit : {3u, 4u}) {
    TestStore test({.commit_batches_max = limit});
    boost::asio::io_context loop(1);
    int acknowledged = 0;
    for (int i = 0; i < batches; ++i) {
      boost::asio::co_spawn(loop, write_many(*test.store, i, 1, acknowledged), boost::asio::detached);
    }
    loop.run();
    EXPECT_EQ(acknowledged, batches);
    EXPECT_GE(test.store->counters().commits, batches / limit);
  }
}

TEST(GroupCommit, KeepsAFailingBatchFromHarmingItsNeighbours) {
  TestStore test;
  finish(test.store->write({tenant("taken")}));
  boost::asio::io_context loop(1);
  int failed = 0;
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    const auto name = std::to_string(i);
    std::vector<Statement> batch{tenant(name)};
    if (i % 3 == 0) batch.push_back(tenant("taken"));
    boost::asio::co_spawn(loop, test.store->write(std::move(batch)),
                          [&](std::exception_ptr problem) { ++(problem ? failed : done); });
  }
  loop.run();
  EXPECT_EQ(failed, 34);
  EXPECT_EQ(done, 66);
  EXPECT_EQ(tenants_in(*test.store), 67);
  EXPECT_EQ(test.store->counters().batches_failed, 34u);
}

TEST(GroupCommit, WritesWhatNobodyWaitsForBeforeAFlushReturns) {
  TestStore test;
  for (int i = 0; i < 100; ++i) test.store->write_later({tenant(std::to_string(i))});
  finish(test.store->flush());
  EXPECT_EQ(tenants_in(*test.store), 100);
  EXPECT_LE(test.store->counters().commits, 3u);
}

TEST(GroupCommit, WritesLaterRowsByItself) {
  TestStore test;
  test.store->write_later({tenant("1")});
  while (test.store->counters().rows == 0) std::this_thread::yield();
  EXPECT_EQ(tenants_in(*test.store), 1);
}

TEST(QueueLimit, RefusesABatchOfMoreBytesThanMayWait) {
  const auto small = tenant("1", std::string(1000, 'x'));
  const auto large = tenant("2", std::string(1001, 'x'));
  TestStore test({.later_delay_max = std::chrono::hours(1)});
  test.store->write_later({small});
  const auto weight = test.store->counters().queued_bytes;
  test.reopen({.queued_bytes_max = weight});
  finish(test.store->write({statement("DELETE FROM tenants")}));
  finish(test.store->write({small}));
  EXPECT_EQ(error_from(test.store->write({large})).kind, ErrorKind::too_many_requests);
  EXPECT_EQ(tenants_in(*test.store), 1);
}

TEST(QueueLimit, RefusesTheBatchPastTheLastThatMayWait) {
  TestStore test({.queued_batches_max = 0});
  EXPECT_EQ(error_from(test.store->write({tenant("1")})).kind, ErrorKind::too_many_requests);
  test.reopen({.queued_batches_max = 1});
  finish(test.store->write({tenant("1")}));
  finish(test.store->write({tenant("2")}));
}

TEST(QueueLimit, CountsTheLaterRowsThatItDrops) {
  TestStore test({.later_rows_max = 2, .later_delay_max = std::chrono::hours(1)});
  test.store->write_later({tenant("1"), tenant("2")});
  test.store->write_later({tenant("3")});
  EXPECT_EQ(test.store->counters().rows_dropped, 1u);
  test.store->close();
  EXPECT_EQ(test.store->counters().rows, 2u);
}

TEST(Closing, WritesWhatIsQueuedAndRefusesTheRest) {
  TestStore test({.later_delay_max = std::chrono::hours(1)});
  for (int i = 0; i < 10; ++i) test.store->write_later({tenant(std::to_string(i))});
  test.store->close();
  test.store->close();
  EXPECT_EQ(tenants_in(*test.store), 10);
  EXPECT_EQ(error_from(test.store->write({tenant("late")})).kind, ErrorKind::unavailable);
  test.store->write_later({tenant("later")});
  EXPECT_EQ(test.store->counters().rows_dropped, 1u);
}

TEST(FullDisk, FailsTheWriteAndKeepsWhatWasThere) {
  TestStore test;
  finish(test.store->write({tenant("1")}));
  const auto pages = finish(test.store->read(statement("PRAGMA page_count")))[0].integer(0);
  test.reopen({.database_pages_max = pages + 2});
  const auto error = error_from(test.store->write({tenant("2", std::string(100'000, 'x'))}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("full"), std::string::npos) << error.message;
  finish(test.store->write({tenant("3")}));
  EXPECT_EQ(tenants_in(*test.store), 2);
}

TEST(FullDisk, TellsEveryWaiterOfTheCommitWhetherItsRowsAreThere) {
  TestStore test;
  const auto pages = finish(test.store->read(statement("PRAGMA page_count")))[0].integer(0);
  test.reopen({.database_pages_max = pages + 5});
  boost::asio::io_context loop(1);
  std::vector<std::string> acknowledged;
  for (int i = 0; i < 40; ++i) {
    auto id = std::to_string(i);
    std::vector<Statement> batch{tenant(id, std::string(i % 4 == 3 ? 50'000 : 10, 'x'))};
    boost::asio::co_spawn(loop, test.store->write(std::move(batch)), [&, id](std::exception_ptr problem) {
      if (!problem) acknowledged.push_back(id);
    });
  }
  loop.run();
  EXPECT_LT(acknowledged.size(), 40u);
  EXPECT_EQ(tenants_in(*test.store), std::ssize(acknowledged));
  for (const auto& id : acknowledged) {
    EXPECT_EQ(finish(test.store->read(statement("SELECT 1 FROM tenants WHERE id = $1", id))).size(), 1u)
        << id;
  }
}

TEST(Opening, MakesAFolderForItsOwnerOnly) {
  TemporaryFolder folder;
  BlockingPool pool(1);
  const auto data = folder.path() / "a" / "b";
  ASSERT_TRUE(Store::open(data, pool));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(data).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(data / "openpoly.db").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST(Opening, SaysWhyAFolderCannotBeMade) {
  TemporaryFolder folder;
  BlockingPool pool(1);
  std::ofstream(folder.path() / "file") << "x";
  const auto store = Store::open(folder.path() / "file" / "data", pool);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("/file"), std::string::npos) << store.error().message;
}

TEST(Opening, RefusesAFolderThatIsInUse) {
  TestStore test;
  const auto second = Store::open(test.folder.path(), test.pool);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_NE(second.error().message.find("is in use (process " + std::to_string(getpid()) + ")"),
            std::string::npos)
      << second.error().message;
  test.reopen();
}

TEST(Opening, RefusesAFileThatIsNoDatabase) {
  TemporaryFolder folder;
  BlockingPool pool(1);
  std::ofstream(folder.path() / "openpoly.db") << std::string(8192, 'x');
  const auto store = Store::open(folder.path(), pool);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("damaged or no database"), std::string::npos) << store.error().message;
  EXPECT_NE(store.error().message.find("openpoly.db"), std::string::npos);
}

TEST(Opening, SaysThatAPageIsDamaged) {
  TestStore test;
  for (int i = 0; i < 200; ++i) test.store->write_later({tenant(std::to_string(i), std::string(500, 'n'))});
  finish(test.store->flush());
  const auto page =
      finish(test.store->read(statement("SELECT rootpage FROM sqlite_schema WHERE name = 'tenants'")))[0]
          .integer(0);
  test.store.reset();
  {
    std::fstream file(test.folder.path() / "openpoly.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * 4096);
    file << std::string(4096, '\xAA');
  }
  test.reopen();
  const auto error = error_from(test.store->read(statement("SELECT sum(length(name)) FROM tenants")));
  EXPECT_EQ(error.kind, ErrorKind::internal);
  EXPECT_NE(error.message.find("malformed; the file is damaged"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace poly::store
