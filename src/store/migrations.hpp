// The tables of the database, and how an older file comes to have them.
#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "store/connection.hpp"

namespace poly::store {

// Once released, a migration never changes: what comes later is a new one.
struct Migration {
  int number;  // 1, 2, 3 … without gaps
  std::string_view name;
  std::string_view sql;
};

std::span<const Migration> migrations();

// Runs, each in a transaction of its own, those of `all` that the file does not have. Refuses a file that has
// more: a newer program wrote it, and this one does not know what its tables mean.
Result<void> migrate(Connection& connection, std::span<const Migration> all);

}  // namespace poly::store
