#include "runtime/worker_calls.hpp"

#include "base/attempt.hpp"
#include "runtime/frame_headers.hpp"

namespace poly::runtime {
namespace {

std::unexpected<Error> broken(std::string reason) {
  return fail(ErrorKind::internal, std::move(reason));
}

}  // namespace

// When the time of a call is over its caller is told at once, and the entry stays until the worker answers or
// the grace is over.
struct WorkerCalls::Pending {
  Pending(Executor executor, TimerWheel& wheel, std::shared_ptr<CallObserver> listener,
          std::function<void()> on_deadline)
      : done(executor), observer(std::move(listener)), deadline(wheel, std::move(on_deadline)) {}

  OneShot<CallResult> done;
  std::shared_ptr<CallObserver> observer;
  TimerWheel::Timer deadline;
  bool given_up = false;
  std::optional<int> failure_status;     // that the code chose
  std::shared_ptr<ResultStream> stream;  // once the result streams
  std::size_t untaken_bytes = 0;         // of the stream

  void finish(Result<CallResult> outcome) {
    if (!stream) return done.deliver(std::move(outcome));
    stream->end(outcome ? std::nullopt : std::optional(std::move(outcome).error()));
  }
};

WorkerCalls::WorkerCalls(TimerWheel& wheel, TaskGroup& tasks, FrameChannel& channel,
                         std::function<void(std::string)> kill)
    : wheel_(wheel), tasks_(tasks), channel_(channel), kill_(std::move(kill)) {}

WorkerCalls::~WorkerCalls() = default;

Task<CallResult> WorkerCalls::run(Call call) {
  const auto id = next_id_++;
  const auto limit = call.time_limit;
  const auto pending = std::make_shared<Pending>(tasks_.executor(), wheel_, call.observer,
                                                 [this, id, limit] { time_is_over(id, limit); });
  channel_.send(FrameKind::call, id, header_of_call(call), call.arguments);
  calls_.emplace(id, pending);
  pending->deadline.arm(limit);
  auto waiting = attempt(pending->done.wait());
  auto result = co_await std::move(waiting);
  if (!pending->given_up && !pending->stream) calls_.erase(id);
  if (!result) throw FunctionFailure(std::move(result).error(), pending->failure_status);
  co_return std::move(*result);
}

void WorkerCalls::time_is_over(std::uint32_t id, std::chrono::milliseconds limit) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  auto& pending = *found->second;
  if (pending.given_up) {
    kill_("another call in the same process did not stop when its time was over");
    return;
  }
  give_up(id, pending,
          {ErrorKind::timeout,
           "the function took longer than its time limit of " + std::to_string(limit.count()) + " ms",
           "",
           {}});
}

// Nobody waits for the call any more; the worker has a while to answer it.
void WorkerCalls::give_up(std::uint32_t id, Pending& pending, Error reason) {
  pending.given_up = true;
  ++given_up_;
  channel_.send(FrameKind::cancel, id);
  pending.deadline.arm(cancel_grace);
  pending.finish(std::unexpected(std::move(reason)));
}

void WorkerCalls::end_all(const Error& reason) {
  std::vector<std::uint32_t> forgotten;
  for (auto& [id, pending] : calls_) {
    pending->deadline.disarm();
    if (pending->given_up || pending->stream) forgotten.push_back(id);
    pending->finish(std::unexpected(reason));
  }
  for (const auto id : forgotten) forget(calls_.find(id));
}

CallObserver* WorkerCalls::listener(std::uint32_t call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : found->second->observer.get();
}

Result<std::shared_ptr<WorkerCalls::Pending>> WorkerCalls::answered(const Frame& frame) {
  const auto found = calls_.find(frame.id);
  if (found == calls_.end()) return broken("it answered a call that nobody made");
  auto pending = found->second;
  pending->deadline.disarm();
  const bool given_up = pending->given_up;
  if (given_up || pending->stream) forget(found);
  return given_up ? nullptr : pending;
}

void WorkerCalls::forget(Calls::iterator call) {
  if (call->second->given_up) --given_up_;
  calls_.erase(call);
}

Result<void> WorkerCalls::take_result(const Frame& frame) {
  const auto pending = answered(frame);
  if (!pending) return std::unexpected(pending.error());
  if (!*pending) return {};
  auto result = read_result_header(frame);
  if (!result) return std::unexpected(std::move(result).error());
  result->body = frame.body;
  (*pending)->finish(std::move(result));
  return {};
}

Result<void> WorkerCalls::take_error(const Frame& frame) {
  const auto header = read_error_header(frame);
  if (!header) return std::unexpected(header.error());
  const auto answering = answered(frame);
  if (!answering) return std::unexpected(answering.error());
  const auto& pending = *answering;
  if (!pending) return {};
  if (header->stack && pending->observer) {
    pending->observer->log(LogLevel::error, SystemClock().now(), *header->stack);
  }
  pending->failure_status = header->status();
  pending->finish(fail(ErrorKind::function_failed, header->text()));
  return {};
}

Result<void> WorkerCalls::take_chunk(const Frame& frame) {
  const auto found = calls_.find(frame.id);
  if (found == calls_.end()) return broken("it sent a piece of a result that nobody asked for");
  const auto pending = found->second;
  if (pending->given_up) return {};
  if (!pending->stream) {
    if (pending->done.delivered()) return broken("it sent a piece of a result after the answer");
    auto result = read_result_header(frame);
    if (!result) return std::unexpected(std::move(result).error());
    begin_stream(frame.id, *pending, std::move(*result));
  }
  pending->untaken_bytes += frame.body.size();
  if (pending->untaken_bytes > stream_window_bytes) {
    return broken("it sent more of a result than it may before the host has taken some");
  }
  pending->stream->add(frame.body);
  return {};
}

void WorkerCalls::begin_stream(std::uint32_t id, Pending& pending, CallResult result) {
  StreamFeedback feedback{tasks_.executor(),
                          [this, alive = std::weak_ptr(life_), id](std::size_t bytes) {
                            if (!alive.expired()) stream_taken(id, bytes);
                          },
                          [this, alive = std::weak_ptr(life_), id] {
                            if (!alive.expired()) stream_abandoned(id);
                          }};
  pending.stream = std::make_shared<ResultStream>(std::move(feedback));
  result.stream = std::make_shared<ResultReader>(pending.stream);
  pending.done.deliver(std::move(result));
}

void WorkerCalls::stream_taken(std::uint32_t id, std::size_t bytes) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || found->second->given_up) return;
  found->second->untaken_bytes -= bytes;
  channel_.send(FrameKind::more, id, header_of_taken(bytes));
}

void WorkerCalls::stream_abandoned(std::uint32_t id) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || found->second->given_up) return;
  const auto pending = found->second;
  give_up(id, *pending, {ErrorKind::unavailable, "the result is not read any more", "", {}});
}

Result<void> WorkerCalls::take_nested(const Frame& frame) {
  auto header = read_nested_header(frame);
  if (!header) return std::unexpected(std::move(header).error());
  const auto found = calls_.find(header->call);
  if (found == calls_.end() || found->second->given_up || !found->second->observer) {
    const Error over{ErrorKind::unavailable, "the call is over", "", {}};
    channel_.send(FrameKind::reply, frame.id, header_of_refusal(over, std::nullopt));
    return {};
  }
  NestedRequest request{header->sequence, std::move(header->op), std::move(header->path),
                        std::string(frame.body)};
  tasks_.spawn(answer_nested(frame.id, found->second->observer, std::move(request)));
  return {};
}

Task<void> WorkerCalls::answer_nested(std::uint32_t id, std::shared_ptr<CallObserver> observer,
                                      NestedRequest request) {
  std::string refusal;
  try {
    auto asking = observer->nested(std::move(request));
    const auto value = co_await std::move(asking);
    channel_.send(FrameKind::reply, id, {}, value);
    co_return;
  } catch (const FunctionFailure& failure) {
    refusal = header_of_refusal(failure.error(), failure.status());
  } catch (...) {
    refusal = header_of_refusal(error_of(std::current_exception()), std::nullopt);
  }
  channel_.send(FrameKind::reply, id, refusal);
}

}  // namespace poly::runtime
