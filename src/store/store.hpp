// The front door of the store: rows in and out of one SQLite database in a folder of its own.
//
// All writes go through one thread that commits everything that is waiting at once (group commit), so that a
// durable write costs a share of a disk flush instead of a whole one. Reads run beside it on the blocking
// pool and see every write that was resolved before they began.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/loop.hpp"
#include "base/task.hpp"
#include "store/statement.hpp"

namespace poly::store {

// What may wait for the writer; past it write() fails with too_many_requests and write_later() drops.
struct StoreLimits {
  std::size_t queued_batches_max = 20'000;
  std::size_t queued_bytes_max = 64 << 20;
  std::size_t later_rows_max = 100'000;
  std::size_t later_bytes_max = 32 << 20;
  // What write_later() left waits this long for company, or until there are so many rows.
  std::chrono::milliseconds later_delay_max{50};
  std::size_t later_rows_wake = 256;
  // One commit takes no more than this, so that the first waiter does not wait for the last.
  std::size_t commit_batches_max = 2'000;
  // The size that the database may not pass, in pages of 4 KiB; 0 means as large as the disk.
  std::int64_t database_pages_max = 0;
  std::size_t read_connections_kept_max = 8;
};

// For /metrics: totals since the store was opened, and what is waiting now.
struct StoreCounters {
  std::uint64_t batches = 0;         // committed
  std::uint64_t batches_failed = 0;  // undone: their callers know, or nobody waited
  std::uint64_t commits = 0;
  std::uint64_t rows = 0;          // changed by committed batches
  std::uint64_t rows_dropped = 0;  // statements of write_later() that found the queue full
  std::uint64_t reads = 0;
  std::uint64_t queued_batches = 0;
  std::uint64_t queued_bytes = 0;
};

class Store final {
 public:
  // Makes the folder (mode 0700) and its database when missing, and brings older tables up to date. Refuses,
  // saying why: a folder that another process has open, a file that is damaged or no database, tables that a
  // newer version of the program made. `pool` runs the reads and must outlive the store.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, BlockingPool& pool,
                                             StoreLimits limits = {});
  ~Store();  // closes
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // All of the batch or nothing of it. Returns when it is on the disk. Throws Failure: conflict (a
  // constraint, or rows_expected), too_many_requests (the queue is full), unavailable (closing, or the disk
  // is full or failing), internal. Cancellation does not stop a batch that is queued. The caller's loop must
  // outlive the store, which resumes it.
  Task<void> write(std::vector<Statement> batch);

  // The same without waiting, for rows that may be lost when the machine fails (the journal). Never blocks on
  // the disk, never throws; a batch that finds its queue full is dropped and counted. Any thread.
  void write_later(std::vector<Statement> batch) noexcept;

  // Returns when all that was handed over before, by write_later() too, is on the disk.
  Task<void> flush();

  Task<Rows> read(Statement statement);

  // Stops taking writes, writes all that is queued and joins the writer. Blocks. Called twice, it does
  // nothing.
  void close();

  StoreCounters counters() const;

 private:
  class Parts;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace poly::store
