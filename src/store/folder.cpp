#include "store/folder.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poly::store {

namespace {

std::unexpected<Error> system_error(std::string attempted, int number) {
  return fail(ErrorKind::unavailable, std::move(attempted) + ": " + std::generic_category().message(number));
}

// The process id that the holder left in the lock file, for the message; empty when it left none.
std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const auto length = pread(descriptor, text.data(), text.size(), 0);
  return length > 0 ? " (process " + std::string(text.data(), static_cast<std::size_t>(length)) + ")" : "";
}

// A name in a folder is on the disk only when the folder is.
Result<void> flush_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_error("opening the folder " + folder.string(), errno);
  const int flushed = fsync(descriptor);
  const int number = errno;
  close(descriptor);
  if (flushed != 0) return system_error("storing the folder " + folder.string(), number);
  return {};
}

}  // namespace

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  const auto file = folder / "lock";
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error("opening " + file.string(), errno);
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("locking " + file.string(), errno);
    return fail(ErrorKind::conflict, "the data folder " + folder.string() + " is in use" +
                                         holder_of(descriptor) +
                                         ": stop that program, or choose another folder");
  }
  const auto own = std::to_string(getpid());
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, own.data(), own.size(), 0) < 0) {
    return system_error("writing " + file.string(), errno);
  }
  return lock;
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

Result<void> make_folder(const std::filesystem::path& folder) {
  const auto parent = folder.parent_path();
  std::error_code problem;
  if (std::filesystem::is_directory(folder, problem)) return {};
  if (!parent.empty() && parent != folder) {
    if (auto made = make_folder(parent); !made) return made;
  }
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return system_error("making the folder " + folder.string(), errno);
  }
  if (!std::filesystem::is_directory(folder, problem)) {
    return fail(ErrorKind::unavailable,
                "making the folder " + folder.string() + ": something else has that name");
  }
  return flush_folder(parent.empty() ? "." : parent);
}

Result<void> make_private_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error("opening " + file.string(), errno);
  close(descriptor);
  return {};
}

}  // namespace poly::store
