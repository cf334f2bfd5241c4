// A worker from its start to its death, and the limits of both.
#include <fstream>

#include <unistd.h>

#include "runtime/testing.hpp"

namespace poly::runtime {
namespace {

class StartsSoon : public Runtime {
 protected:
  StartsSoon() : Runtime(with_short_start()) {}
  static RuntimeSettings with_short_start() {
    auto settings = settings_here();
    settings.start_limit = 3s;
    return settings;
  }
};

TEST_F(StartsSoon, AWorkerThatDoesNotLoadItsCodeInTimeIsKilled) {
  const auto result = run(add("slow", "for (;;) {}"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(result.error().message,
            "a worker ended before it was loaded: it did not load its code within 3000 ms");
  EXPECT_EQ(pool.live_instances(), 0u);
}

TEST_F(StartsSoon, CodeThatLoadsInTimeRuns) {
  const auto result = run(
      add("soon", "const end = Date.now() + 500; while (Date.now() < end); exports.soon = () => 'in time';"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "in time");
}

// The nested call makes sure that the output was read before the end.
constexpr std::string_view dies_js = R"(
const poly = require('openpoly').default;
exports.dies = async (more) => {
  require('node:fs').writeSync(2, 'the beginning'.slice(0, more) + 'x'.repeat(4096));
  await poly.crm.get(7);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};)";

TEST_F(Runtime, TheEndOfItsOutputExplainsTheDeathOfAWorker) {
  const auto function = add("dies", std::string(dies_js), {"more"});
  for (const auto* arguments : {R"({"more":0})", R"({"more":13})"}) {
    const auto result = run(function, arguments);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().message.ends_with("(Killed): " + std::string(output_tail_bytes_max, 'x')))
        << result.error().message;
  }
}

class HugeAnswers final : public CallObserver {
 public:
  Task<std::string> nested(NestedRequest) override { co_return std::string(frame_bytes_max, '1'); }
  void log(LogLevel, Timestamp, std::string_view) override {}
};

TEST_F(Runtime, AnAnswerThatNoFrameCarriesIsAnErrorInTheFunction) {
  const auto function =
      add("ask",
          "const poly = require('openpoly').default; exports.ask = async () => { try { await "
          "poly.crm.get(7); } catch (error) { return error.code; } };");
  Call call;
  call.execution = ids.make<ExecutionId>();
  call.arguments = "{}";
  call.time_limit = 10s;
  call.observer = std::make_shared<HugeAnswers>();
  Outcome outcome;
  boost::asio::co_spawn(loop, pool.call(function, snapshot, std::move(call)),
                        [&outcome](std::exception_ptr problem, CallResult result) {
                          outcome = problem ? Result<CallResult>(std::unexpected(error_of(problem)))
                                            : Result<CallResult>(std::move(result));
                        });
  wait_until([&outcome] { return outcome.has_value(); });
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ((*outcome)->body, "too_large");
}

// Workers are started by a script that tells whether two of them began before the first was ready.
class Starts : public Runtime, public testing::WithParamInterface<std::size_t> {
 protected:
  Starts() : Runtime(watched()) {}

  static RuntimeSettings watched() {
    auto settings = settings_here();
    settings.starts_at_once = GetParam();
    const auto here = folder();
    std::filesystem::remove_all(here);
    std::filesystem::create_directories(here);
    const auto script = here / "launch";
    std::ofstream(script) << "#!/bin/sh\ncd " << here << "\n"
                          << "if mkdir one 2>/dev/null; then\n"
                             "  for look in 1 2 3 4 5; do [ -e two ] && break; sleep 0.2; done\n"
                             "  rmdir one\n"
                             "else\n"
                             "  mkdir two\n"
                             "fi\n"
                          << "exec " << settings.launcher << " \"$@\"\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    settings.launcher = script;
    return settings;
  }
  static std::filesystem::path folder() {
    return std::filesystem::temp_directory_path() / ("openpoly-starts-" + std::to_string(::getpid()));
  }
  ~Starts() override { std::filesystem::remove_all(folder()); }
};

TEST_P(Starts, AreNoMoreAtOnceThanTheLimit) {
  const auto first = begin(add("a", "exports.a = () => 1;"));
  const auto second = begin(add("b", "exports.b = () => 2;"));
  wait_until([&] { return first->has_value() && second->has_value(); });
  ASSERT_TRUE(*first && **first) << (**first).error().message;
  ASSERT_TRUE(*second && **second) << (**second).error().message;
  EXPECT_EQ(std::filesystem::exists(folder() / "two"), GetParam() == 2);
}

INSTANTIATE_TEST_SUITE_P(Limits, Starts, testing::Values(1u, 2u));

}  // namespace
}  // namespace poly::runtime
