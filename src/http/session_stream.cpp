// The part of a session that sends a body as its source makes it.
#include <array>
#include <charconv>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "http/client_watch.hpp"
#include "http/session.hpp"

namespace poly::http {
namespace asio = boost::asio;

namespace {

constexpr std::string_view last_chunk = "0\r\n\r\n";

void append_chunk_head(std::string& out, std::size_t bytes) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes, 16).ptr;
  out.append(digits.data(), end).append("\r\n");
}

}  // namespace

Task<void> Session::stream(BodyFraming framing) {
  if (all_.draining) streaming_->drain();
  const ClientWatch watch(socket_, [this] { return read_ahead(); });
  std::optional<Error> problem;
  try {
    auto sending = send_pieces(framing);
    co_await std::move(sending);
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  if (!problem || broken_) co_return;
  open_ = false;
  log(LogLevel::warn, "an answer was cut because its source failed",
      {{"peer", peer_}, {"error", problem->message}});
  if (framing == BodyFraming::until_close) reset();
}

Task<void> Session::send_pieces(BodyFraming framing) {
  const bool chunked = framing == BodyFraming::chunked;
  bool ended = false;
  while (!ended && !broken_) {
    auto asking = streaming_->next();
    auto piece = co_await std::move(asking);
    ended = !piece;
    if (broken_) co_return;
    output_.clear();
    std::string_view body;
    if (piece && !piece->empty()) {
      if (chunked) append_chunk_head(output_, piece->size());
      if (chunked) piece->append("\r\n");
      body = *piece;
    }
    if (ended && chunked) output_ = last_chunk;
    auto writing = write_piece(output_, body);
    co_await std::move(writing);
    // Source and client may both be so quick that this connection would never let go of the loop.
    auto turn = asio::post(socket_.get_executor(), use_task);
    co_await std::move(turn);
  }
}

// The limit is on how long the client takes nothing, so that a slow one may take its time.
Task<void> Session::write_piece(std::string_view head, std::string_view body) {
  while (!write_now(head, body)) {
    arm(all_.limits.stalled_reader_time_max);
    auto token = asio::redirect_error(use_task, problem_);
    auto waiting = socket_.async_wait(Socket::wait_write, std::move(token));
    co_await std::move(waiting);
    if (!problem_ && !too_late_) continue;
    if (too_late_) {
      log(LogLevel::info, "a client that stopped reading its answer was cut", {{"peer", peer_}});
      reset();
    }
    cut();
    break;
  }
  deadline_.disarm();
}

// Keeps what a client sends before its answer has ended, which may be its next request, and ends the answer
// when the client closes.
bool Session::read_ahead() {
  while (true) {
    const auto room = input_.prepare(all_.limits.head_bytes_max);
    if (room.empty()) return false;
    boost::system::error_code problem;
    const auto count = socket_.read_some(asio::buffer(room.data(), room.size()), problem);
    if (problem == asio::error::would_block || problem == asio::error::try_again) return true;
    if (problem) {
      cut();
      return false;
    }
    input_.commit(count);
    all_.counters.bytes_read += count;
  }
}

void Session::cut() {
  broken_ = true;
  open_ = false;
  if (streaming_) streaming_->cancel();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

// For a body that ends with its connection and has no other way to say that it is not whole; and for a client that
// does not read, which would leave the kernel with megabytes that nobody takes.
void Session::reset() {
  boost::system::error_code ignored;
  socket_.set_option(Socket::linger(true, 0), ignored);
  socket_.close(ignored);  // when the socket is left to its destructor, that takes the option back
}

}  // namespace poly::http
