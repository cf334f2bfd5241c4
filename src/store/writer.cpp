#include "store/writer.hpp"

#include <algorithm>
#include <iterator>

#include <pthread.h>

#include "base/log.hpp"

namespace poly::store {

namespace {

std::size_t bytes_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return sizeof value + text->size();
  if (const auto* blob = std::get_if<Blob>(&value)) return sizeof value + blob->bytes.size();
  return sizeof value;
}

std::size_t bytes_of(const std::vector<Statement>& statements) {
  std::size_t bytes = 0;
  for (const auto& statement : statements) {
    bytes += sizeof statement;
    for (const auto& parameter : statement.parameters) bytes += bytes_of(parameter);
  }
  return bytes;
}

}  // namespace

void Writer::Queued::add(const Batch& batch) {
  ++batches;
  rows += batch.statements.size();
  bytes += batch.bytes;
}

void Writer::Queued::remove(const Batch& batch) {
  --batches;
  rows -= batch.statements.size();
  bytes -= batch.bytes;
}

Writer::Writer(std::unique_ptr<Connection> connection, const StoreLimits& limits)
    : connection_(std::move(connection)), limits_(limits) {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "store-writer");
    run();
  });
}

Writer::~Writer() {
  close();
}

void Writer::push(std::vector<Statement> statements, Done done) {
  const auto bytes = bytes_of(statements);
  Result<void> refused;
  {
    const std::scoped_lock lock(mutex_);
    if (closing_) {
      refused = fail(ErrorKind::unavailable, "the store is closing");
    } else if (waited_for_.batches >= limits_.queued_batches_max ||
               waited_for_.bytes + bytes > limits_.queued_bytes_max) {
      refused =
          fail(ErrorKind::too_many_requests, "too many writes are waiting for the disk; try again later");
    } else {
      queue_.push_back({std::move(statements), bytes, std::move(done)});
      waited_for_.add(queue_.back());
      ++waiters_in_queue_;
    }
  }
  if (refused) return wake_.notify_one();
  done(std::move(refused));
}

void Writer::push_later(std::vector<Statement> statements) {
  const auto bytes = bytes_of(statements);
  bool wake = false;
  {
    const std::scoped_lock lock(mutex_);
    if (closing_ || later_.rows + statements.size() > limits_.later_rows_max ||
        later_.bytes + bytes > limits_.later_bytes_max) {
      counters_.rows_dropped += statements.size();
      return;
    }
    const auto rows_before = later_.rows;
    const bool first = queue_.empty();
    queue_.push_back({std::move(statements), bytes, {}});
    later_.add(queue_.back());
    wake = first || (rows_before < limits_.later_rows_wake && later_.rows >= limits_.later_rows_wake);
  }
  if (wake) wake_.notify_one();
}

void Writer::close() {
  const std::scoped_lock closing(closing_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

StoreCounters Writer::counters() const {
  const std::scoped_lock lock(mutex_);
  auto counters = counters_;
  counters.queued_batches = waited_for_.batches + later_.batches;
  counters.queued_bytes = waited_for_.bytes + later_.bytes;
  return counters;
}

void Writer::run() {
  while (true) {
    auto batches = take();
    if (batches.empty()) return;
    commit(batches);
  }
}

// The next batches to commit; none when closing and everything is written.
std::vector<Writer::Batch> Writer::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  // Rows that nobody waits for wait for company.
  wake_.wait_for(lock, limits_.later_delay_max, [this] {
    return closing_ || waiters_in_queue_ > 0 || later_.rows >= limits_.later_rows_wake;
  });
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), limits_.commit_batches_max));
  std::vector<Batch> taken(std::make_move_iterator(queue_.begin()),
                           std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  waiters_in_queue_ -=
      static_cast<std::size_t>(std::ranges::count_if(taken, [](const Batch& batch) { return !!batch.done; }));
  return taken;
}

void Writer::commit(std::vector<Batch>& batches) {
  std::vector<Result<void>> results;
  results.reserve(batches.size());
  rows_in_commit_ = 0;
  auto begun = connection_->execute("BEGIN IMMEDIATE");
  for (const auto& batch : batches) {
    results.push_back(begun ? run_batch(batch) : std::unexpected(begun.error()));
    if (!begun || connection_->in_transaction()) continue;
    // The error undid the whole transaction: what ran in it before is gone too.
    lose(results, Error(results.back().error()));
    begun = connection_->execute("BEGIN IMMEDIATE");
  }
  if (begun) {
    auto committed = connection_->execute("COMMIT");
    if (!committed) lose(results, committed.error());
    if (!committed && connection_->in_transaction()) undo();
  }
  finish(batches, std::move(results));
}

// Nothing of the transaction is in the file.
void Writer::lose(std::vector<Result<void>>& results, const Error& reason) {
  for (auto& result : results) {
    if (result) result = std::unexpected(reason);
  }
  rows_in_commit_ = 0;
}

void Writer::undo() {
  if (auto undone = connection_->execute("ROLLBACK"); !undone) {
    log(LogLevel::error, "cannot undo a transaction", {{"reason", undone.error().message}});
  }
}

// A batch of one statement needs no savepoint: SQLite undoes a statement that fails by itself.
Result<void> Writer::run_batch(const Batch& batch) {
  const auto& statements = batch.statements;
  const bool guarded = statements.size() > 1 || (statements.size() == 1 && statements[0].rows_expected);
  if (guarded) {
    if (auto begun = connection_->execute("SAVEPOINT batch"); !begun)
      return std::unexpected(std::move(begun).error());
  }
  auto rows = run_statements(statements);
  if (!rows && guarded && connection_->in_transaction()) {
    if (auto undone = connection_->execute("ROLLBACK TO batch"); !undone)
      return std::unexpected(std::move(undone).error());
  }
  if (guarded && connection_->in_transaction()) {
    if (auto released = connection_->execute("RELEASE batch"); !released)
      return std::unexpected(std::move(released).error());
  }
  if (!rows) return std::unexpected(std::move(rows).error());
  rows_in_commit_ += *rows;
  return {};
}

Result<std::int64_t> Writer::run_statements(const std::vector<Statement>& statements) {
  std::int64_t rows = 0;
  for (const auto& statement : statements) {
    auto changed = connection_->execute(statement);
    if (!changed) return changed;
    if (statement.rows_expected && *changed != *statement.rows_expected) {
      return fail(ErrorKind::conflict, "running '" + std::string(statement.sql) + "': it changed " +
                                           std::to_string(*changed) + " rows where " +
                                           std::to_string(*statement.rows_expected) + " were expected");
    }
    rows += *changed;
  }
  return rows;
}

// Counters first: a waiter that is resumed finds itself counted.
void Writer::finish(std::vector<Batch>& batches, std::vector<Result<void>> results) {
  std::size_t lost = 0;
  const Error* reason = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    if (std::ranges::any_of(results, &Result<void>::has_value)) ++counters_.commits;
    counters_.rows += static_cast<std::uint64_t>(rows_in_commit_);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      ++(results[i] ? counters_.batches : counters_.batches_failed);
      (batches[i].done ? waited_for_ : later_).remove(batches[i]);
      if (results[i] || batches[i].done) continue;
      lost += batches[i].statements.size();
      reason = &results[i].error();
    }
  }
  if (reason) {
    log(LogLevel::error, "rows of the journal are lost", {{"rows", lost}, {"reason", reason->message}});
  }
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (batches[i].done) batches[i].done(std::move(results[i]));
  }
}

}  // namespace poly::store
