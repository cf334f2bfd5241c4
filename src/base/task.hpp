// Coroutines on an event loop. A statement that contains co_await builds nothing: name the argument on the
// line above and move it in (g++ 12 destroys temporaries of such statements twice).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace poly {

using Executor = boost::asio::io_context::executor_type;

template <class T>
using Task = boost::asio::awaitable<T, Executor>;

using UseTask = boost::asio::use_awaitable_t<Executor>;
inline constexpr UseTask use_task{};

// Runs `task` on another loop and resumes here with what it gave or threw.
template <class T>
Task<T> run_on(Executor executor, Task<T> task) {
  auto running = boost::asio::co_spawn(executor, std::move(task), use_task);
  co_return co_await std::move(running);
}

}  // namespace poly
