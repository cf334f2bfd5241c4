#include "cli/files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace poly::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view attempt, const fs::path& file, std::string_view reason) {
  throw Failure(ErrorKind::bad_request,
                std::string(attempt) + " " + file.string() + ": " + std::string(reason));
}

std::string reason_of(int error_number) {
  return std::generic_category().message(error_number);
}

// An open file that is closed and, unless kept, removed again.
class NewFile final {
 public:
  NewFile(const fs::path& file, mode_t mode)
      : file_(file), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)) {
    if (descriptor_ < 0) refuse("writing", file_, reason_of(errno));
  }
  ~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(file_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view content) {
    while (!content.empty()) {
      const auto count = ::write(descriptor_, content.data(), content.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) refuse("writing", file_, reason_of(errno));
      content.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void move_to(const fs::path& place) {
    if (::close(std::exchange(descriptor_, -1)) != 0) refuse("writing", file_, reason_of(errno));
    std::error_code problem;
    fs::rename(file_, place, problem);
    if (problem) refuse("writing", place, problem.message());
    kept_ = true;
  }

 private:
  fs::path file_;
  int descriptor_;
  bool kept_ = false;
};

}  // namespace

std::string read_file(const fs::path& file) {
  std::error_code problem;
  const auto size = fs::is_directory(file, problem) ? 0 : fs::file_size(file, problem);
  if (fs::is_directory(file)) refuse("reading", file, "it is a folder");
  if (problem) refuse("reading", file, problem.message());
  if (size > file_bytes_max) refuse("reading", file, "it is larger than 64 MiB");
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) refuse("reading", file, reason_of(errno));
  return content;
}

Json read_json_file(const fs::path& file) {
  return value_or_throw(parse_json(read_file(file), file.string()));
}

void write_file(const fs::path& file, std::string_view content, FileAccess access) {
  std::error_code problem;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), problem);
  if (problem) refuse("making the folder", file.parent_path(), problem.message());
  auto beside = file;
  beside += "." + std::to_string(::getpid()) + ".new";
  NewFile made(beside, access == FileAccess::owner_only ? 0600 : 0666);
  made.write(content);
  made.move_to(file);
}

}  // namespace poly::cli
