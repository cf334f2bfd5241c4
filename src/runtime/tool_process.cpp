#include "runtime/tool_process.hpp"

#include "base/attempt.hpp"

namespace poly::runtime {
namespace {

constexpr std::chrono::milliseconds start_limit{30'000};
constexpr std::chrono::milliseconds answer_limit{60'000};
constexpr std::chrono::milliseconds idle_after{300'000};

}  // namespace

ToolProcess::ToolProcess(Executor executor, TimerWheel& wheel, std::string name,
                         std::function<process::Command()> command)
    : executor_(executor),
      wheel_(wheel),
      name_(std::move(name)),
      command_(std::move(command)),
      tasks_(executor, name_) {}

Task<std::string> ToolProcess::ask(std::string question) {
  auto starting = ready();
  const auto worker = co_await std::move(starting);
  ++calls_;
  idle_.reset();
  Call call;
  call.arguments = std::move(question);
  call.logs = false;
  call.time_limit = answer_limit;
  auto asking = attempt(worker->call(std::move(call)));
  auto result = co_await std::move(asking);
  if (--calls_ == 0) idle_ = wheel_.schedule(idle_after, [this] { stop(); });
  if (!result) {
    const auto& error = result.error();
    const auto kind = error.kind == ErrorKind::timeout ? ErrorKind::timeout : ErrorKind::internal;
    throw Failure(kind, name_ + " failed: " + error.message);
  }
  co_return std::move(result->body);
}

Task<std::shared_ptr<Worker>> ToolProcess::ready() {
  if (worker_ && !worker_->alive()) stop();
  if (!worker_) worker_ = value_or_throw(Worker::start(executor_, wheel_, command_()));
  const auto worker = worker_;
  auto loading = attempt(worker->loaded(start_limit));
  const auto loaded = co_await std::move(loading);
  if (loaded) co_return worker;
  if (worker_ == worker) stop();
  throw Failure(loaded.error());
}

void ToolProcess::stop() {
  if (worker_) tasks_.spawn(bury(std::move(worker_)));
  worker_.reset();
}

Task<void> ToolProcess::bury(std::shared_ptr<Worker> worker) {
  auto closing = worker->close();
  co_await std::move(closing);
}

Task<void> ToolProcess::close() {
  idle_.reset();
  stop();
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::runtime
