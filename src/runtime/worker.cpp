#include "runtime/worker.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "base/attempt.hpp"
#include "base/codec.hpp"
#include "base/json.hpp"

namespace poly::runtime {
namespace {

constexpr std::size_t read_bytes = 64 << 10;
// The statuses that an error may choose.
constexpr std::int64_t error_status_min = 400;
constexpr std::int64_t error_status_max = 599;

struct ResultHeader {
  bool text = false;
  bool nothing = false;
  std::optional<int> status;
  std::optional<std::string> content_type;
  std::map<std::string, Json> headers;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("text", self.text);
    field.optional("void", self.nothing);
    field.optional("status", self.status);
    field.optional("contentType", self.content_type);
    field.optional("headers", self.headers);
  }
};

struct ErrorHeader {
  std::string name;
  std::string message;
  std::optional<std::string> stack;
  std::optional<int> line;
  std::optional<std::int64_t> status_code;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("name", self.name);
    field.optional("message", self.message);
    field.optional("stack", self.stack);
    field.optional("line", self.line);
    field.optional("statusCode", self.status_code);
  }
};

struct LogHeader {
  LogLevel level = LogLevel::info;
  std::int64_t at = 0;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("level", self.level);
    field.optional("at", self.at);
  }
};

struct NestedHeader {
  std::uint32_t call = 0;
  std::uint32_t sequence = 0;
  std::string op;
  std::string path;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("call", self.call);
    field.optional("sequence", self.sequence);
    field.required("op", self.op);
    field.required("path", self.path);
  }
};

template <class Header>
Result<Header> header_of(const Frame& frame) {
  if (frame.header.empty()) return Header{};
  auto json = parse_json(frame.header, "the header of a worker's message");
  if (!json) return std::unexpected(std::move(json).error());
  return decode<Header>(*json);
}

std::string header_of(const Call& call) {
  std::string header = R"({"executionId":")" + call.execution.text() + '"';
  if (call.parent) header += R"(,"parentExecutionId":")" + call.parent->text() + '"';
  header += call.logs ? R"(,"logs":true)" : R"(,"logs":false)";
  if (!call.custom.empty()) header += R"(,"polyCustom":)" + call.custom;
  header += '}';
  return header;
}

std::string text_of_error(const ErrorHeader& header) {
  std::string text =
      header.name.empty() || header.name == "Error" ? header.message : header.name + ": " + header.message;
  if (header.line) text += " (line " + std::to_string(*header.line) + ")";
  return text;
}

std::optional<int> status_of(const ErrorHeader& header) {
  const auto status = header.status_code.value_or(0);
  if (status < error_status_min || status > error_status_max) return std::nullopt;
  return static_cast<int>(status);
}

// The header of a `reply` that refuses what the code asked for.
std::string refusal(const Error& error, std::optional<int> status) {
  std::string header = R"({"error":{"message":)";
  append_quoted(header, error.message);
  if (status) header += R"(,"statusCode":)" + std::to_string(*status);
  header += R"(,"code":)";
  append_quoted(header, error.code.empty() ? to_string(error.kind) : std::string_view(error.code));
  header += "}}";
  return header;
}

std::string header_value(const Json& value) {
  return value.is_string() ? std::string(value.get_string()) : to_text(value);
}

// What the header of a result, or of the first piece of one, says.
Result<CallResult> result_of(const Frame& frame) {
  CallResult result;
  if (frame.header.empty()) return result;
  auto header = header_of<ResultHeader>(frame);
  if (!header) return std::unexpected(std::move(header).error());
  result.text = header->text;
  result.nothing = header->nothing;
  result.status = header->status;
  result.content_type = std::move(header->content_type);
  for (const auto& [name, value] : header->headers) result.headers.emplace_back(name, header_value(value));
  return result;
}

}  // namespace

// A call in flight. When its time is over the caller is told at once, and the entry stays until the worker
// answers or the grace is over.
struct Worker::Pending {
  Pending(Executor executor, TimerWheel& wheel, std::shared_ptr<CallObserver> listener,
          std::function<void()> on_deadline)
      : done(executor), observer(std::move(listener)), deadline(wheel, std::move(on_deadline)) {}

  OneShot<CallResult> done;
  std::shared_ptr<CallObserver> observer;
  TimerWheel::Timer deadline;
  bool cancelled = false;
  std::optional<int> failure_status;     // that the code chose
  std::shared_ptr<ResultStream> stream;  // once the result streams
  std::size_t untaken_bytes = 0;         // of the stream

  void finish(Result<CallResult> outcome) {
    if (!stream) return done.deliver(std::move(outcome));
    stream->end(outcome ? std::nullopt : std::optional(std::move(outcome).error()));
  }
};

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
    : executor_(executor),
      wheel_(wheel),
      process_(std::move(process)),
      tasks_(executor, "worker"),
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
  send(FrameKind::load, 0, header, code);
  auto waiting = await_step(loaded_, time_limit, "load its code");
  co_await std::move(waiting);
}

Task<CallResult> Worker::call(Call call) {
  if (ended_) throw Failure(ErrorKind::unavailable, "the worker is gone");
  const auto id = next_id_++;
  const auto limit = call.time_limit;
  const auto entry = std::make_shared<Pending>(executor_, wheel_, call.observer,
                                               [this, id, limit] { call_timed_out(id, limit); });
  auto& pending = *entry;
  calls_.emplace(id, entry);
  try {
    send(FrameKind::call, id, header_of(call), call.arguments);
  } catch (...) {
    calls_.erase(id);
    throw;
  }
  pending.deadline.arm(limit);
  auto waiting = attempt(pending.done.wait());
  auto result = co_await std::move(waiting);
  if (!pending.cancelled && !pending.stream) calls_.erase(id);
  if (!result) throw FunctionFailure(std::move(result).error(), pending.failure_status);
  co_return std::move(*result);
}

void Worker::call_timed_out(std::uint32_t id, std::chrono::milliseconds limit) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  auto& pending = *found->second;
  if (pending.cancelled) {
    kill("another call in the same process did not stop when its time was over");
    return;
  }
  give_up(id, pending,
          {ErrorKind::timeout,
           "the function took longer than its time limit of " + std::to_string(limit.count()) + " ms",
           "",
           {}});
}

// Nobody waits for the call any more; the worker has a while to answer it.
void Worker::give_up(std::uint32_t id, Pending& pending, Error reason) {
  pending.cancelled = true;
  ++cancelled_;
  send(FrameKind::cancel, id);
  pending.deadline.arm(cancel_grace);
  pending.finish(std::unexpected(std::move(reason)));
}

void Worker::drain() {
  send(FrameKind::drain, 0);
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

Task<void> Worker::read_frames() {
  for (;;) {
    char* room = frames_.prepare(read_bytes);
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    const auto buffer = boost::asio::buffer(room, read_bytes);
    const auto read = co_await process_->socket().async_read_some(buffer, std::move(token));
    if (problem) break;
    frames_.commit(read);
    for (;;) {
      auto frame = frames_.next();
      if (!frame) {
        protocol_broken(frame.error().message);
        co_return;
      }
      if (!*frame) break;
      handle(**frame);
    }
  }
  // A worker that closed its end is finished or broken; watch_end() tells which.
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
  boost::system::error_code ignored;
  process_->socket().close(ignored);
  process_->output().close(ignored);
  end_all(reason);
  if (on_end_) on_end_();
}

void Worker::end_all(const std::string& reason) {
  const auto failure = [&reason] {
    return fail(ErrorKind::function_failed, "the function ended: " + reason);
  };
  hello_.deliver(fail(ErrorKind::unavailable, "a worker ended before it was ready: " + reason));
  loaded_.deliver(fail(ErrorKind::unavailable, "a worker ended before it was loaded: " + reason));
  std::vector<std::uint32_t> forgotten;
  for (auto& [id, pending] : calls_) {
    pending->deadline.disarm();
    if (pending->cancelled || pending->stream) forgotten.push_back(id);
    pending->finish(failure());
  }
  for (const auto id : forgotten) forget(calls_.find(id));
}

void Worker::protocol_broken(std::string reason) {
  log(LogLevel::error, "a worker was killed", {{"pid", process_->pid()}, {"reason", reason}});
  kill(std::move(reason));
}

void Worker::handle(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::hello:
      return hello_.deliver(true);
    case FrameKind::loaded:
      return loaded_.deliver(true);
    case FrameKind::result:
      return handle_result(frame);
    case FrameKind::error:
      return handle_error(frame);
    case FrameKind::log:
      return handle_log(frame);
    case FrameKind::nested:
      return handle_nested(frame);
    case FrameKind::chunk:
      return handle_chunk(frame);
    default:
      return protocol_broken("it sent a frame that only the host sends");
  }
}

std::shared_ptr<Worker::Pending> Worker::answered(const Frame& frame) {
  const auto found = calls_.find(frame.id);
  if (found == calls_.end()) {
    protocol_broken("it answered a call that nobody made");
    return nullptr;
  }
  auto pending = found->second;
  pending->deadline.disarm();
  const bool given_up = pending->cancelled;
  if (given_up || pending->stream) forget(found);
  return given_up ? nullptr : pending;
}

void Worker::forget(Calls::iterator call) {
  if (call->second->cancelled) --cancelled_;
  calls_.erase(call);
}

void Worker::handle_result(const Frame& frame) {
  const auto pending = answered(frame);
  if (!pending) return;
  auto result = result_of(frame);
  if (!result) return protocol_broken(result.error().message);
  result->body = frame.body;
  pending->finish(std::move(result));
}

void Worker::handle_chunk(const Frame& frame) {
  const auto found = calls_.find(frame.id);
  if (found == calls_.end()) return protocol_broken("it sent a piece of a result that nobody asked for");
  const auto pending = found->second;
  if (pending->cancelled) return;
  if (!pending->stream) {
    if (pending->done.delivered()) return protocol_broken("it sent a piece of a result after the answer");
    auto result = result_of(frame);
    if (!result) return protocol_broken(result.error().message);
    begin_stream(frame.id, *pending, std::move(*result));
  }
  pending->untaken_bytes += frame.body.size();
  if (pending->untaken_bytes > stream_window_bytes) {
    return protocol_broken("it sent more of a result than it may before the host has taken some");
  }
  pending->stream->add(frame.body);
}

void Worker::begin_stream(std::uint32_t id, Pending& pending, CallResult result) {
  StreamFeedback feedback{executor_,
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

void Worker::stream_taken(std::uint32_t id, std::size_t bytes) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || found->second->cancelled) return;
  found->second->untaken_bytes -= bytes;
  send(FrameKind::more, id, R"({"bytes":)" + std::to_string(bytes) + "}");
}

void Worker::stream_abandoned(std::uint32_t id) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || found->second->cancelled) return;
  const auto pending = found->second;
  give_up(id, *pending, {ErrorKind::unavailable, "the result is not read any more", "", {}});
}

void Worker::handle_error(const Frame& frame) {
  auto header = header_of<ErrorHeader>(frame);
  if (!header) return protocol_broken(header.error().message);
  if (frame.id == 0) {
    loaded_.deliver(
        fail(ErrorKind::function_failed, "the function could not be loaded: " + text_of_error(*header)));
    return;
  }
  const auto pending = answered(frame);
  if (!pending) return;
  if (header->stack && pending->observer)
    pending->observer->log(LogLevel::error, SystemClock().now(), *header->stack);
  pending->failure_status = status_of(*header);
  pending->finish(fail(ErrorKind::function_failed, text_of_error(*header)));
}

void Worker::handle_log(const Frame& frame) {
  auto header = header_of<LogHeader>(frame);
  if (!header) return protocol_broken(header.error().message);
  const auto found = calls_.find(frame.id);
  if (found == calls_.end() || !found->second->observer) {
    log(LogLevel::info, "a worker wrote outside of any call",
        {{"pid", process_->pid()}, {"text", frame.body}});
    return;
  }
  found->second->observer->log(header->level, Timestamp(std::chrono::milliseconds(header->at)), frame.body);
}

void Worker::handle_nested(const Frame& frame) {
  auto header = header_of<NestedHeader>(frame);
  if (!header) return protocol_broken(header.error().message);
  const auto found = calls_.find(header->call);
  if (found == calls_.end() || found->second->cancelled || !found->second->observer) {
    send(FrameKind::reply, frame.id, R"({"error":{"message":"the call is over"}})");
    return;
  }
  NestedRequest request{header->sequence, std::move(header->op), std::move(header->path),
                        std::string(frame.body)};
  tasks_.spawn(answer_nested(frame.id, found->second->observer, std::move(request)));
}

Task<void> Worker::answer_nested(std::uint32_t id, std::shared_ptr<CallObserver> observer,
                                 NestedRequest request) {
  std::string header;
  std::string value;
  try {
    auto asking = observer->nested(std::move(request));
    value = co_await std::move(asking);
  } catch (const FunctionFailure& failure) {
    header = refusal(failure.error(), failure.status());
  } catch (...) {
    header = refusal(error_of(std::current_exception()), std::nullopt);
  }
  send(FrameKind::reply, id, header, value);
}

void Worker::send(FrameKind kind, std::uint32_t id, std::string_view header, std::string_view body) {
  if (ended_) return;
  append_frame(outgoing_, kind, id, header, body);
  if (flush_scheduled_ || writing_) return;
  flush_scheduled_ = true;
  // At the end of this turn of the loop, so that all frames of the turn go in one write.
  boost::asio::post(executor_, [this, alive = std::weak_ptr(life_)] {
    if (!alive.expired()) flush();
  });
}

void Worker::flush() {
  flush_scheduled_ = false;
  if (ended_ || writing_ || outgoing_.empty()) return;
  boost::system::error_code problem;
  const auto written = process_->socket().write_some(boost::asio::buffer(outgoing_), problem);
  if (!problem) outgoing_.erase(0, written);
  if (problem && problem != boost::asio::error::would_block) return;  // its end is being reported
  if (outgoing_.empty()) return;
  writing_ = true;
  tasks_.spawn(write_rest());
}

Task<void> Worker::write_rest() {
  while (!outgoing_.empty() && !ended_) {
    const std::string chunk = std::exchange(outgoing_, {});
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    const auto buffer = boost::asio::buffer(chunk);
    co_await boost::asio::async_write(process_->socket(), buffer, std::move(token));
    if (problem) break;
  }
  writing_ = false;
}

}  // namespace poly::runtime
