#include "http/session.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/error.hpp"
#include "base/log.hpp"

namespace poly::http {
namespace asio = boost::asio;

namespace {

// A body no larger than this is copied behind its head, which is cheaper than a gathered write.
constexpr std::size_t copied_body_bytes_max = 16 << 10;
// What a connection keeps of its output for the next answer.
constexpr std::size_t kept_output_bytes_max = 32 << 10;
// A chunk's first line and the trailers must fit into this.
constexpr std::size_t body_buffer_bytes_max = 64 << 10;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

std::string peer_of(const Socket& socket) {
  boost::system::error_code gone;
  const auto endpoint = socket.remote_endpoint(gone);
  return gone ? std::string() : endpoint.address().to_string();
}

bool asks_to_close(const Response& response) {
  const auto* connection = response.headers.find("Connection");
  return connection && same_header_name(*connection, "close");
}

}  // namespace

Session::Session(Socket socket, Sessions& all)
    : socket_(std::move(socket)),
      all_(all),
      place_(all.alive.insert(all.alive.end(), this)),
      deadline_(all.wheel,
                [this] {
                  too_late_ = true;
                  boost::system::error_code closed;
                  socket_.cancel(closed);
                }),
      peer_(peer_of(socket_)) {
  ++all_.counters.connections_active;
  boost::system::error_code gone;
  socket_.set_option(Tcp::no_delay(true), gone);
  // Answers are first written at once; only what the client does not take is waited for.
  socket_.non_blocking(true, gone);
}

Session::~Session() {
  all_.alive.erase(place_);
  --all_.counters.connections_active;
}

Task<void> Session::run() {
  parser_.emplace(all_.limits.head_bytes_max);
  while (open_) {
    switch (parse()) {
      case Parsed::need_more: {
        if (!wait_for_head()) co_return;
        auto reading = read_some(input_.prepare(all_.limits.head_bytes_max));
        const auto count = co_await std::move(reading);
        if (received(count)) break;
        if (too_late_ && waits_for_ == WaitsFor::rest_of_head) {
          Refusal slow{408, "the head of the request did not arrive in time"};
          auto refusing = refuse(std::move(slow));
          co_await std::move(refusing);
        }
        co_return;
      }
      case Parsed::head: {
        auto serving = serve();
        co_await std::move(serving);
        parser_.emplace(all_.limits.head_bytes_max);
        break;
      }
      case Parsed::too_large: {
        Refusal large{431, "the head of the request is larger than " +
                               std::to_string(all_.limits.head_bytes_max) + " bytes"};
        auto refusing = refuse(std::move(large));
        co_await std::move(refusing);
        co_return;
      }
      case Parsed::wrong:
      case Parsed::message: {
        Refusal garbage{400, "not a well-formed HTTP/1.1 request: " + parser_->problem()};
        auto refusing = refuse(std::move(garbage));
        co_await std::move(refusing);
        co_return;
      }
    }
  }
}

Task<void> Session::serve() {
  deadline_.disarm();
  waits_for_ = WaitsFor::nothing;
  ++all_.counters.requests;
  auto& request = parser_->request;
  request.peer = peer_;
  if (auto refusal = unacceptable()) {
    auto refusing = refuse(std::move(*refusal));
    co_await std::move(refusing);
    co_return;
  }

  std::optional<Response> response;
  std::exception_ptr problem;
  try {
    auto verdict = all_.handler.admit(request);
    if (auto* refused = std::get_if<Response>(&verdict)) {
      response = std::move(*refused);
    } else {
      auto& admitted = std::get<Admitted>(verdict);
      if (parser_->body_announced()) {
        auto reading = read_body(admitted.body_bytes_max);
        const bool whole = co_await std::move(reading);
        if (!whole) co_return;
      }
      auto handling = all_.handler.handle(std::move(request), std::move(admitted));
      response = co_await std::move(handling);
    }
  } catch (...) {
    problem = std::current_exception();
  }
  if (problem) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) std::rethrow_exception(problem);
    log(LogLevel::error, "a request ended by an exception",
        {{"peer", peer_}, {"error", error_of(problem).message}});
    response = error_response(500, "Internal server error");
  }
  auto answering = parser_->is_done() ? answer(std::move(*response)) : refuse(std::move(*response));
  co_await std::move(answering);
}

Task<bool> Session::read_body(std::size_t bytes_max) {
  const auto too_large = [bytes_max] {
    return Refusal{413, "the body of the request is larger than " + std::to_string(bytes_max) + " bytes"};
  };
  const auto length = parser_->content_length();
  if (length && *length > bytes_max) {
    auto refusing = refuse(too_large());
    co_await std::move(refusing);
    co_return false;
  }
  parser_->body_bytes_max(bytes_max);
  arm(all_.limits.body_time_max);
  if (input_.empty() && !parser_->is_http_1_0() && parser_->request.headers.find("Expect")) {
    auto writing = write_rest(continue_line, {});
    co_await std::move(writing);
  }
  input_.grow_to(std::min<std::uint64_t>(length.value_or(0), body_buffer_bytes_max));

  std::optional<Refusal> refusal;
  while (open_ && !refusal) {
    const auto parsed = parse();
    if (parsed == Parsed::message) {
      deadline_.disarm();
      co_return true;
    }
    if (parsed == Parsed::too_large) refusal = too_large();
    if (parsed == Parsed::wrong)
      refusal = Refusal{400, "the body of the request is malformed: " + parser_->problem()};
    if (parsed != Parsed::need_more) continue;
    const auto room = input_.prepare(body_buffer_bytes_max);
    if (room.empty()) {
      refusal = Refusal{
          400, "the body of the request is malformed: a chunk's first line or the trailers are too long"};
      continue;
    }
    auto reading = read_some(room);
    const auto count = co_await std::move(reading);
    if (received(count)) continue;
    if (!too_late_) co_return false;
    refusal = Refusal{408, "the body of the request did not arrive in time"};
  }
  if (refusal) {
    auto refusing = refuse(std::move(*refusal));
    co_await std::move(refusing);
  }
  co_return false;
}

Task<void> Session::turn_away() {
  ++all_.counters.connections_refused;
  Refusal full{503, "too many connections"};
  auto refusing = refuse(std::move(full));
  co_await std::move(refusing);
}

void Session::drain() {
  if (streaming_) streaming_->drain();
  if (waits_for_ != WaitsFor::request) return;
  open_ = false;
  boost::system::error_code closed;
  socket_.cancel(closed);
}

Task<void> Session::refuse(Refusal refusal) {
  auto response = error_response(refusal.status, refusal.message);
  auto refusing = refuse(std::move(response));
  co_await std::move(refusing);
}

// The rest of the request is not wanted, so nothing can follow it on this connection.
Task<void> Session::refuse(Response response) {
  ++all_.counters.requests_refused;
  too_late_ = false;
  response.headers.set("Connection", "close");
  auto answering = answer(std::move(response));
  co_await std::move(answering);
  auto discarding = discard_input();
  co_await std::move(discarding);
}

Task<void> Session::answer(Response response) {
  const auto framing = begin_answer(response);
  std::string_view head = output_;
  const bool asked_for_head = parser_ && parser_->request.method == Method::head;
  const bool without_body = asked_for_head || !allows_body(response.status);
  const bool streams = response.body_source && !without_body;
  std::string_view body = without_body || streams ? std::string_view() : std::string_view(response.body);
  if (body.size() <= copied_body_bytes_max) {
    output_.append(body);
    head = output_;
    body = {};
  }
  auto turn = all_.turn_end.wait();
  co_await std::move(turn);
  if (!write_now(head, body)) {
    arm(all_.limits.write_time_max);
    auto writing = write_rest(head, body);
    co_await std::move(writing);
    deadline_.disarm();
  }
  if (streams && !broken_) {
    streaming_ = std::move(response.body_source);
    auto streaming = stream(framing);
    co_await std::move(streaming);
    streaming_.reset();
  }
  if (output_.capacity() > kept_output_bytes_max) output_ = std::string();
}

// Gives how the end of the body is told.
BodyFraming Session::begin_answer(Response& response) {
  if (const auto sound = check_response(response); !sound) {
    log(LogLevel::error, "an answer was none that a message can carry", {{"error", sound.error().message}});
    response = error_response(500, "Internal server error");
  }
  auto framing = BodyFraming::length;
  if (response.body_source) {
    framing = parser_ && parser_->is_http_1_0() ? BodyFraming::until_close : BodyFraming::chunked;
  }
  open_ = open_ && parser_ && parser_->is_done() && parser_->keep_alive() && !all_.draining &&
          !asks_to_close(response) && framing != BodyFraming::until_close;
  const ResponseHead head{.response = response,
                          .date_line = all_.date.now(),
                          .connection = open_ ? Connection::keep_alive : Connection::close,
                          .framing = framing,
                          .to_http_1_0 = parser_ && parser_->is_http_1_0()};
  output_.clear();
  append_head(output_, head);
  return framing;
}

// True when the kernel took everything, or the connection is broken; else what is left is in the views.
bool Session::write_now(std::string_view& head, std::string_view& body) {
  boost::system::error_code problem;
  std::size_t count = 0;
  if (body.empty()) {
    count = socket_.write_some(asio::buffer(head.data(), head.size()), problem);
  } else {
    const std::array pieces{asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
    count = socket_.write_some(pieces, problem);
  }
  if (problem && problem != asio::error::would_block && problem != asio::error::try_again) {
    broken_ = true;
    open_ = false;
    return true;
  }
  all_.counters.bytes_written += count;
  const auto of_head = std::min(count, head.size());
  head.remove_prefix(of_head);
  body.remove_prefix(count - of_head);
  return head.empty() && body.empty();
}

Task<void> Session::write_rest(std::string_view head, std::string_view body) {
  while (!write_now(head, body)) {
    auto token = asio::redirect_error(use_task, problem_);
    auto waiting = socket_.async_wait(Socket::wait_write, std::move(token));
    co_await std::move(waiting);
    if (!problem_ && !too_late_) continue;
    broken_ = true;
    open_ = false;
    co_return;
  }
}

// A connection closed with unread input is reset, and the reset can overtake the answer: so the client is
// told that no more comes from here, and what it still sends is read for a while.
Task<void> Session::discard_input() {
  boost::system::error_code gone;
  socket_.shutdown(Socket::shutdown_send, gone);
  arm(all_.limits.discard_time_max);
  for (std::size_t discarded = 0; !gone && !too_late_ && discarded < all_.limits.discard_bytes_max;) {
    input_.consume(input_.data().size());
    auto reading = read_some(input_.prepare(ReadBuffer::bytes_least));
    const auto count = co_await std::move(reading);
    if (!received(count)) break;
    discarded += count;
  }
  deadline_.disarm();
  open_ = false;
}

Task<std::size_t> Session::read_some(std::span<char> room) {
  return socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                 asio::redirect_error(use_task, problem_));
}

// False when the client has gone, or a deadline passed, or the server asked this connection to end.
bool Session::received(std::size_t count) {
  input_.commit(count);
  all_.counters.bytes_read += count;
  return !problem_ && count > 0 && !too_late_;
}

Parsed Session::parse() {
  std::size_t used = 0;
  const auto parsed = parser_->feed(input_.data(), used);
  input_.consume(used);
  return parsed;
}

// Arms the deadline of what is waited for; false when the connection shall not wait.
bool Session::wait_for_head() {
  const auto now_for = parser_->head_begun() ? WaitsFor::rest_of_head : WaitsFor::request;
  if (now_for == waits_for_) return true;
  waits_for_ = now_for;
  if (now_for == WaitsFor::rest_of_head) {
    arm(all_.limits.head_time_max);
    return true;
  }
  input_.shrink();
  arm(all_.limits.keep_alive_idle);
  return !all_.draining;
}

std::optional<Session::Refusal> Session::unacceptable() const {
  if (!parser_->method_known()) return Refusal{501, "the method of the request is not supported"};
  if (!parser_->coding_known()) return Refusal{501, "the transfer coding of the request is not supported"};
  if (parser_->chunked() && parser_->is_http_1_0()) return Refusal{400, "HTTP/1.0 has no chunked bodies"};
  const auto* expectation = parser_->request.headers.find("Expect");
  if (expectation && !same_header_name(*expectation, "100-continue")) {
    return Refusal{417, "the only expectation that can be met is 100-continue"};
  }
  return std::nullopt;
}

void Session::arm(std::chrono::milliseconds limit) {
  too_late_ = false;
  deadline_.arm(limit);
}

}  // namespace poly::http
