#include "vault/master_key.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poly::vault {

namespace {

constexpr std::size_t key_file_bytes_max = 256;

std::unexpected<Error> file_error(const std::filesystem::path& file, std::string_view attempted, int number) {
  return fail(ErrorKind::unavailable, std::string(attempted) + " the vault key " + file.string() + ": " +
                                          std::generic_category().message(number));
}

class Descriptor final {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Result<Key> read_key(const std::filesystem::path& file, const Descriptor& opened) {
  struct stat status{};
  if (fstat(opened.number(), &status) != 0) return file_error(file, "looking at", errno);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorKind::forbidden, "the vault key " + file.string() +
                                          " may be read by others than its owner: run chmod 600 on it");
  }
  std::array<char, key_file_bytes_max> text{};
  const auto length = read(opened.number(), text.data(), text.size());
  if (length < 0) return file_error(file, "reading", errno);
  auto key = Key::parse({text.data(), static_cast<std::size_t>(length)});
  sodium_memzero(text.data(), text.size());
  if (!key)
    return fail(ErrorKind::bad_request, "the vault key " + file.string() + ": " + key.error().message);
  return key;
}

Result<void> flush_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || fsync(opened.number()) != 0) return file_error(file, "storing", errno);
  return {};
}

// On the disk before anything is sealed with it: a key that is lost loses every secret. The file has its name
// only when it is whole.
Result<Key> make_key(const std::filesystem::path& file) {
  auto key = Key::random();
  const auto text = key.base64();
  const auto unfinished = file.string() + ".new";
  const Descriptor opened(open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (opened.number() < 0) return file_error(file, "making", errno);
  const auto bytes = text.reveal();
  if (write(opened.number(), bytes.data(), bytes.size()) != std::ssize(bytes) ||
      fsync(opened.number()) != 0 || std::rename(unfinished.c_str(), file.c_str()) != 0) {
    return file_error(file, "writing", errno);
  }
  if (auto stored = flush_folder(file); !stored) return std::unexpected(std::move(stored).error());
  return key;
}

}  // namespace

Result<Key> master_key(const MasterKeySource& source, WhenMissing when_missing) {
  if (source.given) {
    auto key = Key::parse(source.given->reveal());
    if (!key) return fail(ErrorKind::bad_request, "POLY_VAULT_KEY: " + key.error().message);
    return key;
  }
  const Descriptor opened(open(source.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.number() >= 0) return read_key(source.file, opened);
  if (errno != ENOENT) return file_error(source.file, "opening", errno);
  if (when_missing == WhenMissing::make) return make_key(source.file);
  return fail(ErrorKind::unavailable,
              "the vault key " + source.file.string() +
                  " is missing, and the secrets in the database are sealed with it: put the "
                  "file back, or set POLY_VAULT_KEY");
}

}  // namespace poly::vault
