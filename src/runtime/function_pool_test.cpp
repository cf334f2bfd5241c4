// How the pool lives with what the host gives: memory, processes that die, revisions that do not load.
#include "runtime/testing.hpp"

namespace poly::runtime {
namespace {

constexpr std::string_view pid_js = "exports.pid = () => process.pid;";
constexpr std::string_view pid_py = "import os\ndef pid():\n    return os.getpid()\n";

TEST_F(Runtime, StartsNothingWhenTheHostHasNoMemoryLeft) {
  memory_left = settings.memory_reserve_bytes / 2 - 1;
  const auto function = add("pid", std::string(pid_js));
  const auto refused = run(function);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(refused.error().message, "the host has less than 256 MiB of memory left; try again later");
  memory_left = settings.memory_reserve_bytes / 2;
  EXPECT_TRUE(run(function));
}

TEST_F(Runtime, EndsIdleInstancesWhenMemoryIsShort) {
  ASSERT_TRUE(run(add("pid", std::string(pid_js))));
  memory_left = settings.memory_reserve_bytes - 1;
  wait_until([this] { return pool.live_instances() == 0; });
  EXPECT_EQ(pool.live_instances(), 0u);
}

class FewWorkers : public Runtime {
 protected:
  FewWorkers() : Runtime(with_few_workers()) {}
  static RuntimeSettings with_few_workers() {
    auto settings = settings_here();
    settings.workers_max = 1;
    return settings;
  }
};

TEST_F(FewWorkers, EndsTheLongestIdleForAnotherFunction) {
  ASSERT_TRUE(run(add("pid", std::string(pid_js))));
  ASSERT_TRUE(run(add("other", "exports.other = () => 1;")));
  EXPECT_EQ(pool.live_instances(), 1u);
}

TEST_F(FewWorkers, RefusesWhenNoneIsIdle) {
  const auto busy = begin(add("busy", "exports.busy = () => new Promise(() => {});"));
  wait_until([this] { return pool.live_instances() == 1; });
  const auto refused = run(add("other", "exports.other = () => 1;"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "all 1 workers are busy with other functions; try again later");
}

TEST_F(Runtime, GivesAProvedRevisionTheWorkerThatProvedIt) {
  const auto function = add("pid", std::string(pid_js));
  const auto problem = prove(function);
  ASSERT_TRUE(problem) << problem.error().message;
  EXPECT_EQ(pool_metrics.of(Engine::node).cold_starts->value(), 0u);
  const auto result = run(function);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->cold);
}

TEST_F(Runtime, TellsWhyARevisionCannotBeLoaded) {
  const auto problem = prove(add("bad", "throw new Error('no such file');"));
  ASSERT_FALSE(problem);
  EXPECT_EQ(problem.error().kind, ErrorKind::function_failed);
  EXPECT_NE(problem.error().message.find("no such file"), std::string::npos) << problem.error().message;
  EXPECT_EQ(pool.live_instances(), 0u);
}

TEST_F(Runtime, PutsAwayAnInstanceOfADeletedFunction) {
  const auto function = add("pid", std::string(pid_js));
  ASSERT_TRUE(run(function));
  pool.forget(function->id);
  EXPECT_EQ(pool.live_instances(), 0u);
}

TEST_F(Runtime, ForksPythonWorkersFromOneTemplate) {
  const auto first = run(add("pid", std::string(pid_py), {}, spec::Language::python));
  ASSERT_TRUE(first) << first.error().message;
  const auto second =
      run(add("other", "import os\ndef other():\n    return os.getppid()\n", {}, spec::Language::python));
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_NE(first->body, second->body);
  EXPECT_NE(second->body, std::to_string(::getpid()));  // its parent is the template
}

TEST_F(Runtime, StartsPythonWithoutItsTemplateAndForksAgainLater) {
  const auto parent =
      run(add("parent", "import os\ndef parent():\n    return os.getppid()\n", {}, spec::Language::python));
  ASSERT_TRUE(parent) << parent.error().message;
  ASSERT_EQ(::kill(static_cast<pid_t>(std::stol(parent->body)), SIGKILL), 0);
  for (int i = 0; i < 3; ++i) {
    const auto name = "after" + std::to_string(i);
    const auto result = run(add(name, "def " + name + "():\n    return 1\n", {}, spec::Language::python));
    EXPECT_TRUE(result) << result.error().message;
  }
}

TEST_F(Runtime, EndsEachCallOfAnInstanceThatIsKilledWithAnError) {
  const auto function = add("wait", "exports.wait = () => new Promise(() => {});");
  const auto calls = std::array{begin(function), begin(function), begin(function)};
  wait_until([this] { return pool.live_instances() == 1; });
  const auto pid = pool.status(function->id).at(0).instances.at(0).pid;
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  for (const auto& call : calls) {
    wait_until([&] { return call->has_value(); });
    ASSERT_FALSE(call->value());
    EXPECT_EQ(call->value().error().kind, ErrorKind::function_failed);
    EXPECT_NE(call->value().error().message.find("was killed by signal 9"), std::string::npos);
  }
  EXPECT_TRUE(run(add("next", "exports.next = () => 1;")));
}

TEST_F(Runtime, KeepsTheInstancesThatAFunctionAlwaysHas) {
  auto function = with_scale(add("pid", std::string(pid_js)), 2, 3);
  pool.expect(function, snapshot);
  wait_until([this] { return pool.live_instances() == 2; });
  EXPECT_EQ(pool.live_instances(), 2u);
}

TEST_F(Runtime, StartsAnInstanceForEachCallThatFindsNoRoom) {
  const auto function = with_scale(add("wait", "exports.wait = () => new Promise(() => {});"), 0, 3, 1);
  const auto calls = std::array{begin(function), begin(function), begin(function), begin(function)};
  wait_until([this] { return pool.live_instances() == 3; });
  const auto status = pool.status(function->id).at(0);
  EXPECT_EQ(status.instances.size(), 3u);
  EXPECT_EQ(status.waiting, 1u);
}

}  // namespace
}  // namespace poly::runtime
