#include "runtime/result_stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace poly::runtime {
namespace asio = boost::asio;

void ResultStream::add(std::string_view piece) {
  const std::lock_guard guard(lock_);
  arrived_ += piece;
  if (!arrived_.empty()) wake();
}

void ResultStream::end(std::optional<Error> problem) {
  {
    const std::lock_guard guard(lock_);
    if (ended_) return;
    ended_ = true;
    problem_ = std::move(problem);
    wake();
  }
  held_.clear();
}

void ResultStream::hold_until_end(std::shared_ptr<void> held) {
  const std::lock_guard guard(lock_);
  if (!ended_) held_.push_back(std::move(held));
}

Task<std::optional<std::string>> ResultStream::next() {
  const auto executor = co_await asio::this_coro::executor;
  for (;;) {
    if (auto piece = take()) co_return piece;
    auto news = std::make_shared<OneShot<bool>>(executor);
    {
      const std::lock_guard guard(lock_);
      if (at_end()) co_return std::nullopt;
      if (arrived_.empty())
        waiting_ = Reader{executor, news};
      else
        news->deliver(true);
    }
    auto waiting = news->wait();
    co_await std::move(waiting);
  }
}

std::optional<std::string> ResultStream::take() {
  std::string piece;
  std::size_t told = 0;
  {
    const std::lock_guard guard(lock_);
    if (arrived_.empty() || cancelled_) return std::nullopt;
    piece = std::exchange(arrived_, {});
    untold_bytes_ += piece.size();
    if (untold_bytes_ >= taken_portion_bytes && !ended_) told = std::exchange(untold_bytes_, 0);
  }
  if (told > 0) asio::post(feedback_.executor, [taken = feedback_.taken, told] { taken(told); });
  return piece;
}

bool ResultStream::at_end() {
  if (cancelled_) throw Failure(ErrorKind::unavailable, "the result is not read any more");
  if (!ended_ || !arrived_.empty()) return false;
  if (problem_) throw Failure(*problem_);
  return true;
}

void ResultStream::cancel() {
  const std::lock_guard guard(lock_);
  cancelled_ = true;
  wake();
}

void ResultStream::abandon() {
  const std::lock_guard guard(lock_);
  if (!ended_) asio::post(feedback_.executor, feedback_.abandoned);
}

void ResultStream::wake() {
  if (!waiting_) return;
  asio::post(waiting_->executor, [news = std::move(waiting_->news)] { news->deliver(true); });
  waiting_.reset();
}

}  // namespace poly::runtime
