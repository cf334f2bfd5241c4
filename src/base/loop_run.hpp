// The template part of loop.hpp.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace poly {

template <class Work>
Task<std::invoke_result_t<Work>> BlockingPool::run(Work work) {
  using Value = std::invoke_result_t<Work>;
  using Slot = std::conditional_t<std::is_void_v<Value>, bool, std::optional<Value>>;
  Slot value{};
  std::exception_ptr problem;
  auto initiate = [this, &value, &problem](auto handler, Work* run) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto guard = boost::asio::make_work_guard(executor);
    auto job = [run, &value, &problem, executor, guard = std::move(guard), handler = std::move(handler)]() mutable {
      try {
        if constexpr (std::is_void_v<Value>) {
          (*run)();
        } else {
          value.emplace((*run)());
        }
      } catch (...) {
        problem = std::current_exception();
      }
      boost::asio::post(executor, std::move(handler));
    };
    boost::asio::post(pool_, std::move(job));
  };
  auto waiting = boost::asio::async_initiate<const UseTask, void()>(std::move(initiate), use_task, &work);
  co_await std::move(waiting);
  if (problem) std::rethrow_exception(problem);
  if constexpr (!std::is_void_v<Value>) co_return std::move(*value);
}

}  // namespace poly
