// Runs real workers: Node.js and Python processes started through poly-launch.
#include "runtime/testing.hpp"
#include "runtime/toolchain.hpp"

namespace poly::runtime {
namespace {

constexpr std::string_view add_js = "exports.add = async (a, b) => a + b;";

TEST_F(Runtime, RunsJavaScriptWithArgumentsByName) {
  const auto result = run(add("add", std::string(add_js), {"a", "b"}), R"({"b":2,"a":40})");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "42");
  EXPECT_TRUE(result->cold);
}

TEST_F(Runtime, RunsPython) {
  const auto result =
      run(add("add", "def add(a, b=2):\n    return {'sum': a + b}\n", {"a", "b"}, spec::Language::python),
          R"({"a":1})");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body.find("3") != std::string::npos, true) << result->body;
}

TEST_F(Runtime, KeepsAnInstanceForTheNextCall) {
  const auto function = add("add", std::string(add_js), {"a", "b"});
  ASSERT_TRUE(run(function, R"({"a":1,"b":1})"));
  const auto second = run(function, R"({"a":2,"b":2})");
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->cold);
  EXPECT_EQ(pool.live_instances(), 1u);
}

TEST_F(Runtime, AsksTheHostForOtherFunctions) {
  const auto function = add(
      "ask",
      "const poly = require('openpoly').default; exports.ask = async () => (await poly.crm.get(7)).answer;");
  const auto result = run(function);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "42");
  EXPECT_EQ(recorder->asked, std::vector<std::string>{"call crm.get [7]"});
}

TEST_F(Runtime, RunsClientFunctionsInTheWorkerAndFollowsTheirChanges) {
  add_client("double", "exports.double = (n) => n * 2;", {"n"});
  const auto function =
      add("use", "const poly = require('openpoly').default; exports.use = async () => await poly.double(21);",
          {}, spec::Language::javascript, {"double"});
  auto result = run(function);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "42");
  add_client("double", "exports.double = (n) => n * 200;", {"n"});
  result = run(function);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "4200");
  EXPECT_TRUE(recorder->asked.empty());
}

TEST_F(Runtime, KeepsTheConsoleOfTheCall) {
  ASSERT_TRUE(run(add("say", "exports.say = () => { console.warn('careful'); };")));
  EXPECT_EQ(recorder->lines, std::vector<std::string>{"warn careful"});
}

TEST_F(Runtime, TellsWhatAFunctionThrew) {
  const auto result = run(add("bad", "exports.bad = () => { throw new TypeError('no such thing'); };"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::function_failed);
  EXPECT_TRUE(result.error().message.starts_with("TypeError: no such thing")) << result.error().message;
}

TEST_F(Runtime, EndsACallWhoseProcessDies) {
  const auto result = run(add(
      "die", "exports.die = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::function_failed);
  EXPECT_NE(result.error().message.find("signal 9"), std::string::npos) << result.error().message;
}

TEST_F(Runtime, KillsAFunctionThatLoopsForEver) {
  const auto function = add("spin", "exports.spin = (go) => { while (go) {} return 'done'; };", {"go"});
  ASSERT_TRUE(run(function, R"({"go":false})"));
  const auto result = run(function, R"({"go":true})", 100ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  const auto after = run(function, R"({"go":false})");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->body, "done");
}

constexpr std::string_view megabytes_js =
    "exports.f = async function* (count) { for (let i = 0; i < count; i += 1) yield Buffer.alloc(1000000, "
    "'x'); };";

TEST_F(Runtime, StreamsAResultThatIsLargerThanAFrame) {
  const auto function = add("f", std::string(megabytes_js), {"count"});
  auto result = run(function, R"({"count":80})");
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_TRUE(result->stream);
  EXPECT_EQ(result->content_type, "application/octet-stream");
  const auto all = read_all(std::move(*result));
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->size(), 80'000'000u);
}

TEST_F(Runtime, AnErrorInMidStreamComesBehindWhatWasGiven) {
  auto result = run(add("f", "exports.f = async function* () { yield 'one'; throw new Error('too far'); };"));
  ASSERT_TRUE(result) << result.error().message;
  const auto all = read_all(std::move(*result));
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::function_failed);
  EXPECT_TRUE(all.error().message.starts_with("too far")) << all.error().message;
}

TEST_F(Runtime, TheTimeLimitIsForTheWholeStream) {
  const auto function = add(
      "f", "exports.f = async function* (on) { yield 'one'; if (on) await new Promise(() => {}); };", {"on"});
  auto warm = run(function, R"({"on":false})");
  ASSERT_TRUE(warm) << warm.error().message;
  ASSERT_EQ(read_all(std::move(*warm)), "one");
  auto result = run(function, R"({"on":true})", 200ms);
  ASSERT_TRUE(result) << result.error().message;
  const auto all = read_all(std::move(*result));
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::timeout);
}

TEST_F(Runtime, AStreamThatIsDroppedGivesItsInstanceFree) {
  const auto function = add("f", std::string(megabytes_js), {"count"});
  {
    const auto dropped = run(function, R"({"count":1000})");
    ASSERT_TRUE(dropped) << dropped.error().message;
    EXPECT_EQ(pool.status(function->id).at(0).instances.at(0).calls, 1u);
  }
  auto next = run(function, R"({"count":1})");
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_FALSE(next->cold);
  EXPECT_EQ(read_all(std::move(*next)).value_or("").size(), 1'000'000u);
  EXPECT_EQ(pool.status(function->id).at(0).instances.at(0).calls, 0u);
}

TEST_F(Runtime, AStreamEndsWhenItsProcessDies) {
  auto result = run(add("f",
                        "exports.f = async function* () { yield 'one'; await new Promise(setImmediate); "
                        "process.kill(process.pid, 'SIGKILL'); yield 'two'; };"));
  ASSERT_TRUE(result) << result.error().message;
  const auto all = read_all(std::move(*result));
  ASSERT_FALSE(all);
  EXPECT_NE(all.error().message.find("signal 9"), std::string::npos) << all.error().message;
}

TEST_F(Runtime, ClosingThePoolEndsAStreamThatNobodyReads) {
  const auto function = add("f", std::string(megabytes_js), {"count"});
  auto result = run(function, R"({"count":1000})");
  ASSERT_TRUE(result) << result.error().message;
  boost::asio::co_spawn(loop, pool.close(), [this](std::exception_ptr) { loop.stop(); });
  loop.restart();
  loop.run();
  const auto all = read_all(std::move(*result));
  ASSERT_FALSE(all);
  EXPECT_NE(all.error().message.find("the server is stopping"), std::string::npos) << all.error().message;
}

class SmallMemory : public Runtime {
 protected:
  SmallMemory() : Runtime(with_little_memory()) {}
  static RuntimeSettings with_little_memory() {
    auto settings = settings_here();
    settings.memory_bytes_default = 96 << 20;
    return settings;
  }
};

TEST_F(SmallMemory, EndsJavaScriptThatAllocatesWithoutEnd) {
  const auto result = run(
      add("eat", "exports.eat = () => { const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)); };"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::function_failed) << result.error().message;
}

TEST_F(SmallMemory, EndsPythonThatAllocatesWithoutEnd) {
  const auto result =
      run(add("eat", "def eat():\n    kept = []\n    while True:\n        kept.append(bytearray(1 << 20))\n",
              {}, spec::Language::python));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::function_failed) << result.error().message;
}

class ShortIdle : public Runtime {
 protected:
  ShortIdle() : Runtime(idle_soon()) {}
  static RuntimeSettings idle_soon() {
    auto settings = settings_here();
    settings.scaling.idle_after = 1ms;
    return settings;
  }
};

TEST_F(ShortIdle, PutsAnIdleInstanceAway) {
  ASSERT_TRUE(run(add("add", std::string(add_js), {"a", "b"}), R"({"a":1,"b":1})"));
  TimerWheel::Timer enough(wheel, [this] { loop.stop(); });
  enough.arm(1500ms);
  loop.restart();
  loop.run();
  EXPECT_EQ(pool.live_instances(), 0u);
  EXPECT_EQ(pool_metrics.of(Engine::node).put_away->value(), 1u);
}

TEST_F(Runtime, ToolchainReadsATypeScriptSignature) {
  BlockingPool blocking(1);
  const ProgramFolder programs(testing::TempDir() + "programs", blocking);
  Toolchain toolchain(loop.get_executor(), wheel, settings, programs);
  Source source{.name = "place",
                .language = spec::Language::typescript,
                .text =
                    "/** Places it. */\nexport async function place(id: string, count = 1): Promise<{ ok: "
                    "boolean }> { return { ok: !!id && count > 0 }; }",
                .runs_on_server = true,
                .type_schemas = {}};
  Described described;
  std::string problem;
  boost::asio::co_spawn(loop, toolchain.describe(source), [&](std::exception_ptr failed, Described found) {
    if (failed) problem = error_of(failed).message;
    described = std::move(found);
    loop.stop();
  });
  loop.restart();
  loop.run();
  EXPECT_EQ(problem, "");
  ASSERT_EQ(described.code.interface.arguments.size(), 2u);
  EXPECT_EQ(described.code.interface.arguments[0].type.type, "string");
  EXPECT_FALSE(described.code.interface.arguments[1].required);
  EXPECT_EQ(described.description, "Places it.");
  EXPECT_EQ(described.code.hash.size(), 8u);
  boost::asio::co_spawn(loop, toolchain.close(), [&](std::exception_ptr) { loop.stop(); });
  loop.restart();
  loop.run();
}

}  // namespace
}  // namespace poly::runtime
