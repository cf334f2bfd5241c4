// A child process writes and acknowledges each write over a pipe; it is killed without warning at a random
// point. Every write that it acknowledged must be in the file.
#include <random>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/testing.hpp"

namespace poly::store {
namespace {

constexpr int writers = 8;

Task<void> write_and_acknowledge(Store& store, int writer, int pipe) {
  for (std::int32_t i = writer;; i += writers) {
    std::vector<Statement> batch{
        statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'first', 0)", std::to_string(i)),
        statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'second', 0)",
                  "second-" + std::to_string(i))};
    co_await store.write(std::move(batch));
    if (write(pipe, &i, sizeof i) != sizeof i) _exit(1);
  }
}

[[noreturn]] void child(const std::filesystem::path& folder, int pipe) {
  BlockingPool pool(1);
  auto store = value_or_throw(Store::open(folder, pool));
  boost::asio::io_context loop(1);
  for (int i = 0; i < writers; ++i) {
    boost::asio::co_spawn(loop, write_and_acknowledge(*store, i, pipe), boost::asio::detached);
  }
  loop.run();
  _exit(1);
}

// Kills the child after `count` acknowledgements and returns all that it managed to send.
std::vector<std::int32_t> acknowledged_before_kill(const std::filesystem::path& folder, std::size_t count) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) child(folder, ends[1]);
  close(ends[1]);
  std::vector<std::int32_t> acknowledged;
  std::int32_t number = 0;
  while (read(ends[0], &number, sizeof number) == sizeof number) {
    acknowledged.push_back(number);
    if (acknowledged.size() == count) kill(process, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return acknowledged;
}

TEST(Durability, KeepsEveryAcknowledgedWriteWhenTheProcessIsKilled) {
  std::mt19937 random(20);  // NOLINT: the same points in every run
  for (int round = 0; round < 20; ++round) {
    TemporaryFolder folder;
    const auto acknowledged = acknowledged_before_kill(folder.path(), 1 + random() % 200);
    BlockingPool pool(1);
    auto store = value_or_throw(Store::open(folder.path(), pool));
    for (const auto number : acknowledged) {
      const auto rows =
          finish(store->read(statement("SELECT 1 FROM tenants WHERE id IN ($1, $2)", std::to_string(number),
                                       "second-" + std::to_string(number))));
      EXPECT_EQ(rows.size(), 2u) << "write " << number << " of round " << round << " is lost";
    }
    const auto halves = finish(store->read(statement("SELECT count(*) % 2 FROM tenants")));
    EXPECT_EQ(halves[0].integer(0), 0) << "half a batch is stored";
  }
}

}  // namespace
}  // namespace poly::store
