// Event loops, one per core, each with a thread of its own; and a pool for work that blocks.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/task.hpp"

namespace poly {

inline constexpr std::size_t no_loop = static_cast<std::size_t>(-1);
// The index of the data-plane loop whose thread calls this, or no_loop.
std::size_t current_loop();

// One event loop and its thread. Work posted to it runs one piece at a time.
class Loop final {
 public:
  // `index` is what current_loop() says on the loop's thread.
  Loop(std::string name, std::size_t index);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Executor executor() { return context_.get_executor(); }
  boost::asio::io_context& context() { return context_; }
  void stop_and_join();

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

// The loops of the data plane.
class LoopGroup final {
 public:
  explicit LoopGroup(std::size_t count);

  std::size_t size() const { return loops_.size(); }
  Loop& at(std::size_t index) { return *loops_[index]; }
  void stop_and_join();

 private:
  std::vector<std::unique_ptr<Loop>> loops_;
};

// Threads for work that blocks: sealing, reading the database, parsing large documents.
class BlockingPool final {
 public:
  explicit BlockingPool(std::size_t threads) : pool_(threads) {}
  ~BlockingPool() { pool_.join(); }

  // Runs `work` on a thread of the pool and resumes the caller on its own loop with the result.
  template <class Work>
  Task<std::invoke_result_t<Work>> run(Work work);

 private:
  boost::asio::thread_pool pool_;
};

}  // namespace poly

#include "base/loop_run.hpp"
