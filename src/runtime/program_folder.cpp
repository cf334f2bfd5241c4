#include "runtime/program_folder.hpp"

#include <cstring>
#include <span>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/sha256.hpp"

namespace poly::runtime {
namespace fs = std::filesystem;
namespace {

using process::Fd;

[[noreturn]] void fail_on(const fs::path& path, const char* what, int code) {
  throw Failure(ErrorKind::unavailable,
                "the program " + path.string() + " could not be " + what + ": " + std::strerror(code));
}

std::string bytes_of(std::string_view base64) {
  std::string bytes(base64.size() / 4 * 3 + 3, '\0');
  std::size_t count = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), base64.data(),
                        base64.size(), nullptr, &count, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    throw Failure(ErrorKind::internal, "the language toolchain gave a program that is no Base64");
  }
  bytes.resize(count);
  return bytes;
}

// A file beside the others that is gone unless it gets its name.
class NewFile final {
 public:
  explicit NewFile(const fs::path& folder)
      : path_(folder / "new-XXXXXX"), file_(::mkostemp(path_.data(), O_CLOEXEC)) {
    if (file_.get() < 0) fail_on(folder, "written", errno);
  }
  ~NewFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_on(path_, "written", errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_.get()) != 0) fail_on(path_, "written to the disk", errno);
  }

  void rename_to(const fs::path& place) {
    if (::rename(path_.c_str(), place.c_str()) != 0) fail_on(place, "put in its place", errno);
    path_.clear();
  }

 private:
  std::string path_;
  Fd file_;
};

// A name in a folder is on the disk only when the folder is.
void flush(const fs::path& folder) {
  const Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) fail_on(folder, "written to the disk", errno);
}

void write_program(const fs::path& folder, const std::string& name, std::string_view base64) {
  const auto bytes = bytes_of(base64);
  NewFile file(folder);
  file.write(bytes);
  file.rename_to(folder / name);
  flush(folder);
}

Timestamp changed_at(const fs::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) fail_on(file, "looked at", errno);
  return Timestamp(
      std::chrono::milliseconds(status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000));
}

std::size_t remove_unused(const fs::path& folder, const std::set<std::string>& in_use, Timestamp before) {
  std::size_t removed = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (in_use.contains(entry.path().filename()) || changed_at(entry.path()) >= before) continue;
    fs::remove(entry.path());
    ++removed;
  }
  return removed;
}

}  // namespace

std::string program_name(std::string_view function, std::string_view source) {
  return sha256_hex(std::string(function).append("\n").append(source));
}

ProgramFolder::ProgramFolder(fs::path folder, BlockingPool& pool) : folder_(std::move(folder)), pool_(pool) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (!problem) fs::permissions(folder_, fs::perms::owner_all, problem);
  if (!problem) return;
  throw Failure(ErrorKind::unavailable,
                "the folder " + folder_.string() + " cannot be made: " + problem.message());
}

Task<void> ProgramFolder::keep(std::string name, std::string base64) const {
  auto writing = pool_.run([folder = folder_, name = std::move(name), base64 = std::move(base64)] {
    write_program(folder, name, base64);
    return true;
  });
  co_await std::move(writing);
}

Result<Fd> ProgramFolder::open(const std::string& name) const {
  const auto place = folder_ / name;
  Fd file(::open(place.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() >= 0) return file;
  const int code = errno;
  return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable,
              "the program " + place.string() + " could not be opened: " + std::strerror(code));
}

Task<void> ProgramFolder::sweep(std::set<std::string> in_use, Timestamp now) const {
  auto removing =
      pool_.run([folder = folder_, in_use = std::move(in_use), before = now - unused_program_kept_for] {
        return remove_unused(folder, in_use, before);
      });
  const auto removed = co_await std::move(removing);
  if (removed > 0) log(LogLevel::info, "removed programs that nothing uses", {{"programs", removed}});
}

}  // namespace poly::runtime
