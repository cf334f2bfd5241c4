// A task whose failure is looked at where it is awaited: for an edge that carries on, and for clean-up that
// must itself wait, which no catch block can do.
#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "base/error.hpp"
#include "base/task.hpp"

namespace poly {

// What `task` gave, or what error_of() says of whatever it threw. An exception that carries more than an
// Error loses the rest: catch that one where it matters.
template <class T>
Task<Result<T>> attempt(Task<T> task) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
      co_return Result<T>();
    } else {
      auto value = co_await std::move(task);
      co_return Result<T>(std::move(value));
    }
  } catch (...) {
    co_return std::unexpected(error_of(std::current_exception()));
  }
}

}  // namespace poly
