// The data folder: made for its owner only, and held by one process at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "base/error.hpp"

namespace poly::store {

// Holding one means that no other process has the folder's store open. The kernel lets go of it when the
// process ends, however it ends.
class FolderLock final {
 public:
  static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Makes the folder (mode 0700, parents too) when it is missing.
Result<void> make_folder(const std::filesystem::path& folder);
// Makes the file (mode 0600) when it is missing.
Result<void> make_private_file(const std::filesystem::path& file);

}  // namespace poly::store
