// One connection to the SQLite file, with its prepared statements. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "store/statement.hpp"

namespace poly::store {

class Connection final {
 public:
  enum class Access { write, read };

  static constexpr std::size_t prepared_max = 500;

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement and says how many rows it changed; rows that it returns are ignored.
  Result<std::int64_t> execute(const Statement& statement);
  Result<std::int64_t> execute(std::string_view sql) { return execute(Statement{.sql = sql}); }
  Result<Rows> query(const Statement& statement);
  // Several statements without parameters, separated by semicolons.
  Result<void> run_script(std::string_view sql);

  // False after an error that made SQLite undo the whole transaction (a full disk, for one).
  bool in_transaction() const;

 private:
  class Prepared;
  class Parts;
  explicit Connection(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace poly::store
