#include "store/store.hpp"

#include <atomic>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include "store/connection.hpp"
#include "store/folder.hpp"
#include "store/migrations.hpp"
#include "store/readers.hpp"
#include "store/writer.hpp"

namespace poly::store {

class Store::Parts final {
 public:
  Parts(std::unique_ptr<FolderLock> folder_lock, std::unique_ptr<Connection> connection,
        const std::filesystem::path& file, const StoreLimits& limits, BlockingPool& blocking)
      : lock(std::move(folder_lock)),
        writer(std::move(connection), limits),
        readers(file, limits.read_connections_kept_max),
        pool(blocking) {}

  // In this order: the writer's connection closes last and so folds the write-ahead log into the file, which
  // a read-only one cannot; the folder is held until then.
  std::unique_ptr<FolderLock> lock;
  Writer writer;
  Readers readers;
  BlockingPool& pool;
  std::atomic<std::uint64_t> reads{0};
};

namespace {

Result<std::unique_ptr<Connection>> open_database(const std::filesystem::path& file,
                                                  const StoreLimits& limits) {
  if (auto made = make_private_file(file); !made) return std::unexpected(std::move(made).error());
  auto connection = Connection::open(file, Connection::Access::write);
  if (!connection) return connection;
  auto ready = migrate(**connection, migrations());
  if (ready && limits.database_pages_max > 0) {
    ready = (*connection)->run_script("PRAGMA max_page_count = " + std::to_string(limits.database_pages_max));
  }
  if (!ready)
    return fail(ready.error().kind, "opening the database " + file.string() + ": " + ready.error().message);
  return connection;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, BlockingPool& pool,
                                           StoreLimits limits) {
  if (auto made = make_folder(folder); !made) return std::unexpected(std::move(made).error());
  auto lock = FolderLock::take(folder);
  if (!lock) return std::unexpected(std::move(lock).error());
  const auto file = folder / "openpoly.db";
  auto connection = open_database(file, limits);
  if (!connection) return std::unexpected(std::move(connection).error());
  auto parts = std::make_unique<Parts>(std::move(*lock), std::move(*connection), file, limits, pool);
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() {
  close();
}

Task<void> Store::write(std::vector<Statement> batch) {
  Result<void> outcome;
  auto initiate = [this, &outcome](auto handler, std::vector<Statement>* statements) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto guard = boost::asio::make_work_guard(executor);
    auto done = [&outcome, executor, guard = std::move(guard),
                 handler = std::move(handler)](Result<void> result) mutable {
      outcome = std::move(result);
      boost::asio::post(executor, std::move(handler));
      guard.reset();
    };
    parts_->writer.push(std::move(*statements), std::move(done));
  };
  auto waiting = boost::asio::async_initiate<const UseTask, void()>(std::move(initiate), use_task, &batch);
  co_await std::move(waiting);
  value_or_throw(std::move(outcome));
}

void Store::write_later(std::vector<Statement> batch) noexcept {
  parts_->writer.push_later(std::move(batch));
}

// The queue is in order, so a batch of nothing that is done says that all before it is.
Task<void> Store::flush() {
  return write({});
}

Task<Rows> Store::read(Statement statement) {
  parts_->reads.fetch_add(1, std::memory_order_relaxed);
  auto query = [this, &statement] { return parts_->readers.query(statement); };
  auto running = parts_->pool.run(std::move(query));
  auto rows = co_await std::move(running);
  co_return value_or_throw(std::move(rows));
}

void Store::close() {
  parts_->writer.close();
}

StoreCounters Store::counters() const {
  auto counters = parts_->writer.counters();
  counters.reads = parts_->reads.load(std::memory_order_relaxed);
  return counters;
}

}  // namespace poly::store
