#include "packages/layer_folder.hpp"

#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poly::packages {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view unfinished = "new-";
constexpr std::string_view scratch = "work-";
constexpr std::size_t hash_length = 64;

constexpr mode_t read_by_everybody = 0644;
constexpr std::size_t chunk_bytes = 65'536;

constexpr auto everybody_reads = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
constexpr auto everybody_enters = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

[[noreturn]] void fail_on(const fs::path& path, const std::string& what, const std::error_code& problem) {
  const bool full = problem == std::errc::no_space_on_device;
  throw Failure(ErrorKind::unavailable,
                full ? "the disk is full: " + path.string() + " could not be " + what
                     : path.string() + " could not be " + what + ": " + problem.message());
}

void make_enterable(const fs::path& folder) {
  std::error_code problem;
  fs::permissions(folder, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec, problem);
  if (problem) fail_on(folder, "given its permissions", problem);
}

void take_over(const fs::path& path) {
  if (::lchown(path.c_str(), ::geteuid(), ::getegid()) != 0)
    fail_on(path, "taken over", {errno, std::generic_category()});
}

bool is_hash(const std::string& name) {
  return name.size() == hash_length && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void remove_starting_with(const fs::path& folder, std::string_view beginning) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(beginning)) remove_tree(entry.path());
  }
}

}  // namespace

fs::path layers_folder(const fs::path& data) {
  return data / "layers";
}

fs::path cache_folder(const fs::path& data) {
  return data / "packages-cache";
}

std::vector<std::string> open_folders(const fs::path& data) {
  const auto layers = layers_folder(data);
  make_folder(layers);
  make_enterable(layers);  // names are hashes: who knows one may enter, nobody may list
  make_folder(cache_folder(data));
  make_enterable(cache_folder(data));
  remove_starting_with(layers, unfinished);
  remove_starting_with(cache_folder(data), scratch);
  std::vector<std::string> hashes;
  for (const auto& entry : fs::directory_iterator(layers)) {
    auto name = entry.path().filename().string();
    if (is_hash(name)) hashes.push_back(std::move(name));
  }
  return hashes;
}

void make_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) fail_on(folder, "made", problem);
}

void write_file(const fs::path& file, std::string_view text) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, read_by_everybody);
  bool well = made >= 0 && ::fchmod(made, read_by_everybody) == 0;
  while (well && !text.empty()) {
    const auto count = ::write(made, text.data(), text.size());
    well = count >= 0;
    if (well) text.remove_prefix(static_cast<std::size_t>(count));
  }
  const int code = errno;
  if (made >= 0) ::close(made);
  if (!well) fail_on(file, "written", {code, std::generic_category()});
}

std::string read_file(const fs::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) fail_on(file, "read", {errno, std::generic_category()});
  return std::move(text).str();
}

std::string read_written(const fs::path& file) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status{};
  bool well = opened >= 0 && ::fstat(opened, &status) == 0;
  if (well && (!S_ISREG(status.st_mode) || status.st_nlink > 1)) {
    well = false;
    errno = EINVAL;
  }
  std::string text;
  std::string chunk(chunk_bytes, '\0');
  for (ssize_t count = 1; well && count > 0;) {
    count = ::read(opened, chunk.data(), chunk.size());
    well = count >= 0;
    if (well) text.append(chunk, 0, static_cast<std::size_t>(count));
  }
  const int code = errno;
  if (opened >= 0) ::close(opened);
  if (!well) fail_on(file, "read", {code, std::generic_category()});
  return text;
}

// A tool moves files while they are counted: what is gone by then weighs nothing.
std::uintmax_t bytes_below(const fs::path& folder) {
  std::uintmax_t total = 0;
  std::error_code gone;
  for (fs::recursive_directory_iterator entry(folder, gone), end; !gone && entry != end;
       entry.increment(gone)) {
    std::error_code unknown;
    if (!entry->is_regular_file(unknown) || entry->is_symlink(unknown)) continue;
    const auto bytes = entry->file_size(unknown);
    if (!unknown) total += bytes;
  }
  return total;
}

void require_light(std::uintmax_t bytes, std::size_t bytes_max) {
  if (bytes <= bytes_max) return;
  throw Failure(ErrorKind::too_large, "the packages take more than " + std::to_string(bytes_max >> 20) +
                                          " MiB (setting packages.layer_mebibytes_max)");
}

void make_read_only(const fs::path& folder) {
  std::vector<fs::path> folders{folder};
  take_over(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    take_over(entry.path());
    if (entry.is_symlink()) continue;
    if (entry.is_directory()) {
      folders.push_back(entry.path());
      continue;
    }
    const bool runs = (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none;
    fs::permissions(entry.path(), runs ? everybody_reads | everybody_enters : everybody_reads);
  }
  for (const auto& each : folders) fs::permissions(each, everybody_reads | everybody_enters);
}

void move_into_place(const fs::path& fresh, const fs::path& place) {
  const int folder = ::open(fresh.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool kept = folder >= 0 && ::syncfs(folder) == 0;
  const int code = errno;
  if (folder >= 0) ::close(folder);
  if (!kept) fail_on(fresh, "written to the disk", {code, std::generic_category()});
  std::error_code problem;
  fs::rename(fresh, place, problem);
  if (!problem) return;
  std::error_code unknown;
  if (!fs::is_directory(place, unknown)) fail_on(place, "made", problem);
  remove_tree(fresh);
}

void remove_tree(const fs::path& folder) {
  std::error_code problem;
  if (!fs::is_directory(fs::symlink_status(folder, problem))) {
    fs::remove(folder, problem);
    return;
  }
  // Only who may write a folder may take something out of it.
  fs::permissions(folder, fs::perms::owner_all, problem);
  for (fs::recursive_directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    std::error_code gone;
    if (entry->is_directory(gone) && !entry->is_symlink(gone))
      fs::permissions(entry->path(), fs::perms::owner_all, gone);
  }
  fs::remove_all(folder, problem);
  if (problem) fail_on(folder, "removed", problem);
}

}  // namespace poly::packages
