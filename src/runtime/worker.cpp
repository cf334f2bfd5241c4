#include "runtime/worker.hpp"

#include <boost/asio/redirect_error.hpp>

#include "runtime/frame_headers.hpp"

namespace poly::runtime {

Result<std::unique_ptr<Worker>> Worker::start(Executor executor, TimerWheel& wheel,
                                              const process::Command& command) {
  auto process = process::Process::start(executor, command);
  if (!process) return std::unexpected(std::move(process).error());
  return over(executor, wheel, std::move(*process));
}

std::unique_ptr<Worker> Worker::over(Executor executor, TimerWheel& wheel,
                                     std::unique_ptr<process::Process> process) {
  std::unique_ptr<Worker> worker(new Worker(executor, wheel, std::move(process)));
  worker->tasks_.spawn(worker->read_frames());
  worker->tasks_.spawn(worker->read_output());
  worker->tasks_.spawn(worker->watch_end());
  return worker;
}

Worker::Worker(Executor executor, TimerWheel& wheel, std::unique_ptr<process::Process> process)
    : wheel_(wheel),
      process_(std::move(process)),
      tasks_(executor, "worker"),
      channel_(process_->socket(), tasks_),
      calls_(wheel, tasks_, channel_, [this](std::string reason) { kill(std::move(reason)); }),
      hello_(executor),
      loaded_(executor) {}

Worker::~Worker() = default;

Task<void> Worker::await_step(OneShot<bool>& step, std::chrono::milliseconds time_limit, std::string what) {
  const auto late = wheel_.schedule(time_limit, [this, time_limit, &what] {
    kill("it did not " + what + " within " + std::to_string(time_limit.count()) + " ms");
  });
  auto waiting = step.wait();
  co_await std::move(waiting);
}

Task<void> Worker::hello(std::chrono::milliseconds time_limit) {
  return await_step(hello_, time_limit, "start");
}
Task<void> Worker::loaded(std::chrono::milliseconds time_limit) {
  return await_step(loaded_, time_limit, "get ready");
}

Task<void> Worker::load(std::string header, std::string code, std::chrono::milliseconds time_limit) {
  channel_.send(FrameKind::load, 0, header, code);
  auto waiting = await_step(loaded_, time_limit, "load its code");
  co_await std::move(waiting);
}

Task<CallResult> Worker::call(Call call) {
  if (ended_) throw Failure(ErrorKind::unavailable, "the worker is gone");
  auto running = calls_.run(std::move(call));
  co_return co_await std::move(running);
}

void Worker::drain() {
  channel_.send(FrameKind::drain, 0);
}

void Worker::kill(std::string reason) {
  if (ended_) return;
  if (kill_reason_.empty()) kill_reason_ = std::move(reason);
  process_->kill();
}

Task<void> Worker::close() {
  kill("it was put away");
  auto joining = tasks_.join();
  co_await std::move(joining);
}

// A worker that closed its end is finished or broken; watch_end() tells which.
Task<void> Worker::read_frames() {
  auto reading = channel_.read([this](const Frame& frame) { return handle(frame); });
  const auto read = co_await std::move(reading);
  if (read) co_return;
  log(LogLevel::error, "a worker was killed", {{"pid", process_->pid()}, {"reason", read.error().message}});
  kill(read.error().message);
}

Task<void> Worker::read_output() {
  std::string chunk(4096, '\0');
  for (;;) {
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    const auto buffer = boost::asio::buffer(chunk);
    const auto read = co_await process_->output().async_read_some(buffer, std::move(token));
    if (problem) co_return;
    output_tail_.append(chunk, 0, read);
    if (output_tail_.size() > output_tail_bytes_max) {
      output_tail_.erase(0, output_tail_.size() - output_tail_bytes_max);
    }
  }
}

Task<void> Worker::watch_end() {
  auto ending = process_->wait_for_end();
  const std::string end = co_await std::move(ending);
  ended_ = true;
  std::string reason = kill_reason_;
  if (reason.empty()) {
    reason = "its process " + end;
    if (!output_tail_.empty()) reason += ": " + output_tail_;
  }
  // Nobody else may hold the other end (a child that the worker left behind), so reading stops here.
  channel_.close();
  boost::system::error_code ignored;
  process_->output().close(ignored);
  end_all(reason);
  if (on_end_) on_end_();
}

void Worker::end_all(const std::string& reason) {
  hello_.deliver(fail(ErrorKind::unavailable, "a worker ended before it was ready: " + reason));
  loaded_.deliver(fail(ErrorKind::unavailable, "a worker ended before it was loaded: " + reason));
  calls_.end_all({ErrorKind::function_failed, "the function ended: " + reason, "", {}});
}

Result<void> Worker::handle(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::hello:
      hello_.deliver(true);
      return {};
    case FrameKind::loaded:
      loaded_.deliver(true);
      return {};
    case FrameKind::result:
      return calls_.take_result(frame);
    case FrameKind::error:
      return frame.id == 0 ? load_failed(frame) : calls_.take_error(frame);
    case FrameKind::log:
      return keep_log(frame);
    case FrameKind::nested:
      return calls_.take_nested(frame);
    case FrameKind::chunk:
      return calls_.take_chunk(frame);
    default:
      return fail(ErrorKind::internal, "it sent a frame that only the host sends");
  }
}

Result<void> Worker::load_failed(const Frame& frame) {
  const auto header = read_error_header(frame);
  if (!header) return std::unexpected(header.error());
  loaded_.deliver(fail(ErrorKind::function_failed, "the function could not be loaded: " + header->text()));
  return {};
}

Result<void> Worker::keep_log(const Frame& frame) {
  const auto header = read_log_header(frame);
  if (!header) return std::unexpected(header.error());
  if (auto* listener = calls_.listener(frame.id)) {
    listener->log(header->level, Timestamp(std::chrono::milliseconds(header->at)), frame.body);
    return {};
  }
  log(LogLevel::info, "a worker wrote outside of any call", {{"pid", process_->pid()}, {"text", frame.body}});
  return {};
}

}  // namespace poly::runtime
