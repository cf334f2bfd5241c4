// Tenants, environments, users and keys: kept in the store, read from memory on every request.
#pragma once

#include <unordered_map>
#include <vector>

#include "base/published.hpp"
#include "base/secret.hpp"
#include "identity/identity.hpp"
#include "store/store.hpp"

namespace poly::identity {

inline constexpr std::size_t api_keys_max = 100'000;

struct NewKey {
  std::string name;
  PermissionSet permissions;
  std::optional<Timestamp> expires_at;
};

class Directory final {
 public:
  Directory(store::Store& store, LoopGroup& loops, const Clock& clock, IdSource& ids);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // Reads everything; makes tenant and environment `default`, an admin and a key when the store is empty.
  // `bootstrap_key` is that key when given. Returns the key when it was made up here, to be shown once.
  Task<std::optional<Secret>> load(std::optional<Secret> bootstrap_key);

  // Nobody, when the key is unknown or has expired. Hot path: no lock, no store.
  IdentityPointer find(std::string_view key) const;
  IdentityPointer find(ApiKeyId id) const;
  std::vector<IdentityPointer> keys_of(EnvironmentId environment) const;

  // Control loop. The text of a new key is returned this once and only its hash is kept.
  Task<std::pair<IdentityPointer, Secret>> add_key(IdentityPointer creator, NewKey key);
  Task<void> remove_key(IdentityPointer key);

  // The id of the key whose text is `key`, for settings that name a key by its text.
  std::optional<ApiKeyId> id_of(std::string_view key) const;

 private:
  struct HashOfHash {
    std::size_t operator()(const KeyHash& hash) const noexcept;
  };
  struct Keys {
    std::unordered_map<KeyHash, IdentityPointer, HashOfHash> by_hash;
    std::unordered_map<ApiKeyId, IdentityPointer> by_id;
  };

  Task<Secret> make_first(std::optional<Secret> bootstrap_key);
  Task<std::shared_ptr<Keys>> read_all();
  bool expired(const Identity& identity) const;

  store::Store& store_;
  const Clock& clock_;
  IdSource& ids_;
  Published<Keys> keys_;
};

}  // namespace poly::identity
