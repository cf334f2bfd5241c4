// Read-only connections, lent to one reader at a time. There are as many as reads run at once.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "store/connection.hpp"

namespace poly::store {

class Readers final {
 public:
  Readers(std::filesystem::path file, std::size_t kept_max) : file_(std::move(file)), kept_max_(kept_max) {}
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  // Blocks on the disk. Any thread.
  Result<Rows> query(const Statement& statement);

 private:
  Result<std::unique_ptr<Connection>> take();
  void give_back(std::unique_ptr<Connection> connection);

  const std::filesystem::path file_;
  const std::size_t kept_max_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace poly::store
