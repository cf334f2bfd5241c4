// A child process receives events and acknowledges each over a pipe; it is killed without warning. Every
// event that it acknowledged reaches its function in the next process.
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events/testing.hpp"

namespace poly::events {
namespace {

constexpr int triggers = 3;

[[noreturn]] void child(const std::filesystem::path& folder, int pipe) {
  World world(folder);
  const auto function = world.add_function("handle");
  const auto webhook = world.add_webhook();
  for (int i = 0; i < triggers; ++i) world.add_trigger("t" + std::to_string(i), *webhook, *function);
  world.functions.hold();  // some events are found as running
  world.start();
  for (std::int32_t i = 0;; ++i) {
    world.send(webhook, std::to_string(i));
    if (write(pipe, &i, sizeof i) != sizeof i) _exit(1);
  }
}

std::int32_t last_acknowledged_before_kill(const std::filesystem::path& folder, std::int32_t count) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) child(folder, ends[1]);
  close(ends[1]);
  std::int32_t last = -1;
  std::int32_t number = 0;
  while (read(ends[0], &number, sizeof number) == sizeof number) {
    last = number;
    if (last + 1 == count) kill(process, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return last;
}

TEST(Durability, DeliversEveryAcknowledgedEventAfterTheProcessWasKilled) {
  std::mt19937 random(20);  // NOLINT: the same points in every run
  for (int round = 0; round < 5; ++round) {
    store::TemporaryFolder folder;
    const auto last =
        last_acknowledged_before_kill(folder.path(), 1 + static_cast<std::int32_t>(random() % 100));
    World world(folder.path());
    EXPECT_EQ(world.stored({.limit = events_listed_max}).size() % triggers, 0u) << "half a request is stored";
    world.start();
    world.await_none_stored();
    std::map<std::int64_t, int> delivered;
    for (const auto& run : world.functions.runs()) ++delivered[run.arguments[0].as_int64()];
    for (std::int32_t i = 0; i <= last; ++i)
      EXPECT_EQ(delivered[i], triggers) << "event " << i << " of round " << round;
  }
}

TEST(Durability, GivesUpAnEventWhoseLastAttemptTheServerDidNotSurvive) {
  store::TemporaryFolder folder;
  EventSettings settings;
  settings.attempts_max = 1;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) {
    World world(folder.path(), settings);
    const auto function = world.add_function("handle");
    const auto webhook = world.add_webhook();
    world.add_trigger("t", *webhook, *function);
    world.functions.hold();
    world.start();
    world.send(webhook, "1");
    world.functions.wait_for(1);
    raise(SIGKILL);
  }
  waitpid(process, nullptr, 0);
  World world(folder.path(), settings);
  world.start();
  EXPECT_EQ(world.await_stored(EventState::dead, 1)[0].last_error,
            "the server stopped during the last attempt");
  EXPECT_TRUE(world.functions.runs().empty());
}

}  // namespace
}  // namespace poly::events
