// The front door of the vault: values sealed so that the database alone is worth nothing.
//
// Envelope keys: a master key that is never in the database seals one random data key for each environment;
// the data key seals values. The cipher is XChaCha20-Poly1305 with a random nonce, and the id of the resource
// is authenticated beside the value, so that a sealed value moved to another variable does not open.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "store/store.hpp"

namespace poly::vault {

inline constexpr std::size_t value_bytes_max = 1 << 20;

// Where the master key comes from: `given` (POLY_VAULT_KEY, base64 of 32 bytes), else the file, which is made
// with mode 0600 at the first start and refused when others than its owner may read it.
struct MasterKeySource {
  std::optional<Secret> given;
  std::filesystem::path file;
};

class Vault final {
 public:
  // Reads or makes the master key, proves it against the database, and loads the data keys. Throws Failure
  // when the key is malformed, may be read by others, or is not the one that this database was made with.
  static Task<std::unique_ptr<Vault>> open(store::Store& store, MasterKeySource source);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // Makes the environment's data key when it has none; the environment must be stored. Call it before the
  // first seal() in an environment. Any loop.
  Task<void> prepare(EnvironmentId environment);

  // not_found before prepare(); too_large past value_bytes_max. Any thread.
  Result<store::Blob> seal(EnvironmentId environment, ResourceId resource, std::string_view plain) const;

  // Opens what seal() made for the same environment and resource; anything else is refused (internal). No
  // lock: may be called on the way into every call. Any thread.
  Result<Secret> open(EnvironmentId environment, ResourceId resource, const store::Blob& sealed) const;

 private:
  class Parts;
  explicit Vault(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace poly::vault
