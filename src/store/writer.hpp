// The one thread that writes. It takes everything that is waiting, runs each batch behind a savepoint of its
// own inside one transaction, commits once, and then tells every waiter: the disk is flushed once for all.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "store/connection.hpp"
#include "store/store.hpp"

namespace poly::store {

class Writer final {
 public:
  // Called once, on the writer's thread or in push(): it must only hand the result over.
  using Done = std::move_only_function<void(Result<void>)>;

  Writer(std::unique_ptr<Connection> connection, const StoreLimits& limits);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void push(std::vector<Statement> statements, Done done);
  void push_later(std::vector<Statement> statements);
  void close();  // writes what is queued and joins
  StoreCounters counters() const;

 private:
  struct Batch {
    std::vector<Statement> statements;
    std::size_t bytes = 0;
    Done done;  // empty when nobody waits
  };
  // How much waits or is being written, of one of the two kinds.
  struct Queued {
    std::size_t batches = 0;
    std::size_t rows = 0;
    std::size_t bytes = 0;

    void add(const Batch& batch);
    void remove(const Batch& batch);
  };

  void run();
  std::vector<Batch> take();
  void commit(std::vector<Batch>& batches);
  void lose(std::vector<Result<void>>& results, const Error& reason);
  void undo();
  Result<void> run_batch(const Batch& batch);
  Result<std::int64_t> run_statements(const std::vector<Statement>& statements);
  void finish(std::vector<Batch>& batches, std::vector<Result<void>> results);

  std::unique_ptr<Connection> connection_;
  const StoreLimits limits_;
  std::int64_t rows_in_commit_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Batch> queue_;
  Queued waited_for_, later_;
  std::size_t waiters_in_queue_ = 0;
  bool closing_ = false;
  StoreCounters counters_;

  std::mutex closing_mutex_;
  std::thread thread_;
};

}  // namespace poly::store
