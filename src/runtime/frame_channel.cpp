#include "runtime/frame_channel.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

namespace poly::runtime {
namespace {

constexpr std::size_t read_bytes = 64 << 10;

}  // namespace

Task<Result<void>> FrameChannel::read(std::function<Result<void>(const Frame&)> handle) {
  for (;;) {
    char* room = frames_.prepare(read_bytes);
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    const auto buffer = boost::asio::buffer(room, read_bytes);
    const auto read = co_await socket_.async_read_some(buffer, std::move(token));
    if (problem) co_return Result<void>();
    frames_.commit(read);
    for (;;) {
      const auto frame = frames_.next();
      if (!frame) co_return std::unexpected(frame.error());
      if (!*frame) break;
      if (auto handled = handle(**frame); !handled) co_return handled;
    }
  }
}

void FrameChannel::send(FrameKind kind, std::uint32_t id, std::string_view header, std::string_view body) {
  if (closed_) return;
  append_frame(outgoing_, kind, id, header, body);
  if (flush_scheduled_ || writing_) return;
  flush_scheduled_ = true;
  boost::asio::post(tasks_.executor(), [this, alive = std::weak_ptr(life_)] {
    if (!alive.expired()) flush();
  });
}

void FrameChannel::flush() {
  flush_scheduled_ = false;
  if (closed_ || writing_ || outgoing_.empty()) return;
  boost::system::error_code problem;
  const auto written = socket_.write_some(boost::asio::buffer(outgoing_), problem);
  if (!problem) outgoing_.erase(0, written);
  if (problem && problem != boost::asio::error::would_block) return;  // its end is being reported
  if (outgoing_.empty()) return;
  writing_ = true;
  tasks_.spawn(write_rest());
}

Task<void> FrameChannel::write_rest() {
  while (!outgoing_.empty() && !closed_) {
    const std::string chunk = std::exchange(outgoing_, {});
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    const auto buffer = boost::asio::buffer(chunk);
    co_await boost::asio::async_write(socket_, buffer, std::move(token));
    if (problem) break;
  }
  writing_ = false;
}

void FrameChannel::close() {
  closed_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace poly::runtime
