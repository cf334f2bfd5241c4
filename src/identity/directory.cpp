#include "identity/directory.hpp"

#include <sodium.h>

#include "base/log.hpp"

namespace poly::identity {
namespace {

using store::Row;
using store::Statement;
using store::statement;

std::shared_ptr<Identity> identity_of(const Row& row) {
  auto identity = std::make_shared<Identity>();
  identity->tenant = {row.id<TenantId>(0), row.text(1)};
  identity->environment = {row.id<EnvironmentId>(2), identity->tenant.id, row.text(3)};
  identity->user = {row.id<UserId>(4), identity->tenant.id, row.text(5),
                    enum_of<Role>(row.text(6)).value_or(Role::user)};
  auto& key = identity->key;
  key.id = row.id<ApiKeyId>(7);
  key.environment = identity->environment.id;
  key.user = identity->user.id;
  key.name = row.text(8);
  const auto flags =
      decode<std::map<std::string, bool>>(value_or_throw(parse_json(row.text(9), "api_keys.permissions")));
  key.permissions = value_or_throw(PermissionSet::of_flags(value_or_throw(flags)));
  key.created_at = row.time(10);
  key.expires_at = row.time_or_null(11);
  return identity;
}

Statement insert_key(const ApiKey& key, std::string_view text) {
  const auto hash = hash_of_key(text);
  store::Blob blob{{hash.begin(), hash.end()}};
  return statement(
      "INSERT INTO api_keys (id, environment_id, user_id, name, hash, permissions, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      key.id, key.environment, key.user, key.name, store::Value(std::move(blob)),
      encode_text(key.permissions.flags()), key.created_at, key.expires_at);
}

}  // namespace

KeyHash hash_of_key(std::string_view key) {
  KeyHash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     nullptr, 0);
  return hash;
}

std::size_t Directory::HashOfHash::operator()(const KeyHash& hash) const noexcept {
  std::size_t head;
  std::memcpy(&head, hash.data(), sizeof head);
  return head;
}

Directory::Directory(store::Store& store, LoopGroup& loops, const Clock& clock, IdSource& ids)
    : store_(store), clock_(clock), ids_(ids), keys_(loops, std::make_shared<Keys>()) {}

Task<std::optional<Secret>> Directory::load(std::optional<Secret> bootstrap_key) {
  auto keys = co_await read_all();
  std::optional<Secret> made_up;
  if (keys->by_id.empty()) {
    const bool given = bootstrap_key.has_value();
    auto making = make_first(std::move(bootstrap_key));
    Secret key = co_await std::move(making);
    if (!given) made_up = std::move(key);
    keys = co_await read_all();
  }
  keys_.set_initial(std::move(keys));
  co_return made_up;
}

Task<Secret> Directory::make_first(std::optional<Secret> bootstrap_key) {
  Secret text = bootstrap_key ? std::move(*bootstrap_key) : Secret(ids_.next().text());
  const auto now = clock_.now();
  const auto tenant = ids_.make<TenantId>();
  const auto user = ids_.make<UserId>();
  ApiKey key;
  key.id = ids_.make<ApiKeyId>();
  key.environment = ids_.make<EnvironmentId>();
  key.user = user;
  key.name = "admin";
  key.permissions = PermissionSet::all();
  key.created_at = now;
  std::vector<Statement> batch;
  batch.push_back(
      statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)", tenant, "default", now));
  batch.push_back(statement(
      "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) VALUES ($1, $2, $3, $4, $5)",
      key.environment, tenant, "default", "default", now));
  batch.push_back(statement(
      "INSERT INTO users (id, tenant_id, name, email, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
      user, tenant, "admin", "", word_of(Role::admin), now));
  batch.push_back(insert_key(key, text.reveal()));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);
  co_return text;
}

Task<std::shared_ptr<Directory::Keys>> Directory::read_all() {
  auto query = statement(
      "SELECT t.id, t.name, e.id, e.name, u.id, u.name, u.role, k.id, k.name, k.permissions, k.created_at, "
      "k.expires_at, k.hash FROM api_keys k JOIN environments e ON e.id = k.environment_id "
      "JOIN tenants t ON t.id = e.tenant_id JOIN users u ON u.id = k.user_id");
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  auto keys = std::make_shared<Keys>();
  for (const auto row : rows) {
    const auto identity = identity_of(row);
    KeyHash hash;
    const auto& bytes = row.blob(12).bytes;
    CHECK(bytes.size() == hash.size());
    std::ranges::copy(bytes, hash.begin());
    keys->by_hash.emplace(hash, identity);
    keys->by_id.emplace(identity->key.id, identity);
  }
  co_return keys;
}

bool Directory::expired(const Identity& identity) const {
  return identity.key.expires_at && *identity.key.expires_at <= clock_.now();
}

IdentityPointer Directory::find(std::string_view key) const {
  const auto hash = hash_of_key(key);
  const auto& keys = keys_.here()->by_hash;
  const auto found = keys.find(hash);
  // The table is keyed by a hash that a caller cannot aim at; the comparison itself takes constant time.
  if (found == keys.end() || sodium_memcmp(found->first.data(), hash.data(), hash.size()) != 0)
    return nullptr;
  return expired(*found->second) ? nullptr : found->second;
}

IdentityPointer Directory::find(ApiKeyId id) const {
  const auto& keys = keys_.here()->by_id;
  const auto found = keys.find(id);
  return found == keys.end() || expired(*found->second) ? nullptr : found->second;
}

std::optional<ApiKeyId> Directory::id_of(std::string_view key) const {
  const auto identity = find(key);
  return identity ? std::optional(identity->key.id) : std::nullopt;
}

std::vector<IdentityPointer> Directory::keys_of(EnvironmentId environment) const {
  std::vector<IdentityPointer> found;
  for (const auto& [id, identity] : keys_.here()->by_id) {
    if (identity->environment.id == environment) found.push_back(identity);
  }
  std::ranges::sort(found, {}, [](const IdentityPointer& identity) { return identity->key.created_at; });
  return found;
}

Task<std::pair<IdentityPointer, Secret>> Directory::add_key(IdentityPointer creator, NewKey wanted) {
  if (keys_.here()->by_id.size() >= api_keys_max) {
    throw Failure(ErrorKind::too_many_requests, "there are 100,000 API keys already; delete some first");
  }
  Secret text(ids_.next().text());
  auto identity = std::make_shared<Identity>(*creator);
  auto& key = identity->key;
  key.id = ids_.make<ApiKeyId>();
  key.name = std::move(wanted.name);
  key.permissions = wanted.permissions;
  key.created_at = clock_.now();
  key.expires_at = wanted.expires_at;
  std::vector<Statement> batch;
  batch.push_back(insert_key(key, text.reveal()));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);

  auto next = std::make_shared<Keys>(*keys_.here());
  next->by_hash.emplace(hash_of_key(text.reveal()), identity);
  next->by_id.emplace(key.id, identity);
  auto publishing = keys_.publish(std::move(next));
  co_await std::move(publishing);
  co_return std::pair<IdentityPointer, Secret>(identity, std::move(text));
}

Task<void> Directory::remove_key(IdentityPointer removed) {
  std::vector<Statement> batch;
  batch.push_back(statement("DELETE FROM api_keys WHERE id = $1", removed->key.id));
  auto writing = store_.write(std::move(batch));
  co_await std::move(writing);

  auto next = std::make_shared<Keys>(*keys_.here());
  next->by_id.erase(removed->key.id);
  std::erase_if(next->by_hash, [&](const auto& entry) { return entry.second->key.id == removed->key.id; });
  auto publishing = keys_.publish(std::move(next));
  co_await std::move(publishing);
}

}  // namespace poly::identity
