// For tests of this room and of the rooms above: a store in a folder that goes away, and a way to run a task
// to its end.
#pragma once

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "store/store.hpp"

namespace poly::store {

class TemporaryFolder final {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "openpoly-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Runs the task on a loop of its own in this thread; what it throws is thrown here.
template <class T>
T finish(Task<T> task) {
  boost::asio::io_context context(1);
  std::exception_ptr problem;
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown) { problem = thrown; });
    context.run();
    if (problem) std::rethrow_exception(problem);
  } else {
    std::optional<T> value;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown, T given) {
      problem = thrown;
      if (!problem) value.emplace(std::move(given));
    });
    context.run();
    if (problem) std::rethrow_exception(problem);
    return std::move(*value);
  }
}

// The error that ends the task; fails the check when it ends well.
template <class T>
Error error_from(Task<T> task) {
  try {
    finish(std::move(task));
  } catch (const Failure& failure) {
    return failure.error();
  }
  CHECK(!"the task failed");
  return {};
}

struct TestStore {
  explicit TestStore(StoreLimits limits = {})
      : store(value_or_throw(Store::open(folder.path(), pool, limits))) {}

  void reopen(StoreLimits limits = {}) {
    store.reset();
    store = value_or_throw(Store::open(folder.path(), pool, limits));
  }

  TemporaryFolder folder;
  BlockingPool pool{2};
  std::unique_ptr<Store> store;
};

}  // namespace poly::store
