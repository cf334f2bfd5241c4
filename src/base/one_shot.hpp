// A value that one coroutine waits for and somebody else delivers, once, on the same loop.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <functional>
#include <optional>

#include "base/error.hpp"
#include "base/task.hpp"

namespace poly {

template <class T>
class OneShot final {
 public:
  explicit OneShot(Executor executor) : executor_(executor) {}
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;

  bool delivered() const { return value_.has_value(); }

  // The first delivery counts; later ones are dropped.
  void deliver(Result<T> value) {
    if (value_) return;
    value_.emplace(std::move(value));
    if (waiter_) boost::asio::post(executor_, std::move(waiter_));
  }

  // Throws Failure when an error was delivered. One waiter only.
  Task<T> wait() {
    if (!value_) {
      auto initiate = [this](auto handler) { waiter_ = std::move(handler); };
      auto waiting = boost::asio::async_initiate<const UseTask, void()>(std::move(initiate), use_task);
      co_await std::move(waiting);
    }
    co_return value_or_throw(std::move(*value_));
  }

 private:
  Executor executor_;
  std::optional<Result<T>> value_;
  std::move_only_function<void()> waiter_;
};

}  // namespace poly
