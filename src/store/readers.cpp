#include "store/readers.hpp"

namespace poly::store {

Result<Rows> Readers::query(const Statement& statement) {
  auto connection = take();
  if (!connection) return std::unexpected(std::move(connection).error());
  auto rows = (*connection)->query(statement);
  give_back(std::move(*connection));
  return rows;
}

Result<std::unique_ptr<Connection>> Readers::take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) {
      auto connection = std::move(free_.back());
      free_.pop_back();
      return connection;
    }
  }
  return Connection::open(file_, Connection::Access::read);
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  if (free_.size() < kept_max_) free_.push_back(std::move(connection));
}

}  // namespace poly::store
