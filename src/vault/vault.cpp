#include "vault/vault.hpp"

#include "vault/key.hpp"
#include "vault/key_table.hpp"
#include "vault/master_key.hpp"

namespace poly::vault {

namespace {

constexpr std::string_view check_name = "master key";
constexpr std::string_view check_text = "this database belongs to this master key";

// What a sealed text is bound to besides its key.
std::string bound_to(const Uuid& first, const Uuid& second) {
  std::string associated;
  for (const auto* uuid : {&first, &second}) associated.append(uuid->bytes.begin(), uuid->bytes.end());
  return associated;
}

std::string bound_to(EnvironmentId environment) {
  return "data key" + std::string(environment.uuid.bytes.begin(), environment.uuid.bytes.end());
}

}  // namespace

class Vault::Parts final {
 public:
  Parts(store::Store& opened, Key key) : database(opened), master(std::move(key)) {}

  Task<void> make_check();
  void prove(const store::Blob& check) const;
  Task<void> load_all();
  void add(EnvironmentId environment, const store::Blob& sealed);

  store::Store& database;
  const Key master;
  KeyTable keys;
};

Task<void> Vault::Parts::make_check() {
  std::vector<store::Statement> batch{
      store::statement("INSERT INTO vault_check (name, sealed) VALUES ($1, $2)", check_name,
                       master.seal(check_text, check_name))};
  co_await database.write(std::move(batch));
}

void Vault::Parts::prove(const store::Blob& check) const {
  if (master.open(check, check_name)) return;
  throw Failure(
      ErrorKind::forbidden,
      "the vault key is not the one that this database was made with: give that one (POLY_VAULT_KEY, or the "
      "file vault.key in the data folder)");
}

Task<void> Vault::Parts::load_all() {
  auto select = store::statement("SELECT environment_id, sealed FROM vault_keys");
  const auto rows = co_await database.read(std::move(select));
  for (const auto row : rows) add(row.id<EnvironmentId>(0), row.blob(1));
}

void Vault::Parts::add(EnvironmentId environment, const store::Blob& sealed) {
  const auto opened = master.open(sealed, bound_to(environment));
  if (!opened || opened->reveal().size() != Key::size) {
    throw Failure(ErrorKind::internal, "the data key of environment " + environment.text() +
                                           " does not open: the database was changed by other hands");
  }
  const auto bytes = opened->reveal();
  keys.add(environment, Key::of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
}

Task<std::unique_ptr<Vault>> Vault::open(store::Store& store, MasterKeySource source) {
  start_cipher();
  auto select = store::statement("SELECT sealed FROM vault_check WHERE name = $1", check_name);
  const auto check = co_await store.read(std::move(select));
  auto key = value_or_throw(master_key(source, check.empty() ? WhenMissing::make : WhenMissing::refuse));
  auto parts = std::make_unique<Parts>(store, std::move(key));
  if (check.empty()) {
    co_await parts->make_check();
  } else {
    parts->prove(check[0].blob(0));
  }
  co_await parts->load_all();
  co_return std::unique_ptr<Vault>(new Vault(std::move(parts)));
}

Vault::Vault(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Vault::~Vault() = default;

// Two callers at once make two keys: the one that was stored first holds for both.
Task<void> Vault::prepare(EnvironmentId environment) {
  if (parts_->keys.find(environment)) co_return;
  const auto key = Key::random();
  std::vector<store::Statement> batch{store::statement(
      "INSERT INTO vault_keys (environment_id, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING", environment,
      parts_->master.seal(key.bytes(), bound_to(environment)))};
  co_await parts_->database.write(std::move(batch));
  auto select = store::statement("SELECT sealed FROM vault_keys WHERE environment_id = $1", environment);
  const auto rows = co_await parts_->database.read(std::move(select));
  if (rows.empty()) throw Failure(ErrorKind::not_found, "environment " + environment.text() + " is gone");
  parts_->add(environment, rows[0].blob(0));
}

Result<store::Blob> Vault::seal(EnvironmentId environment, ResourceId resource,
                                std::string_view plain) const {
  if (plain.size() > value_bytes_max) {
    return fail(ErrorKind::too_large, "a value of " + std::to_string(plain.size()) +
                                          " bytes is larger than the " + std::to_string(value_bytes_max) +
                                          " that the vault keeps");
  }
  const auto* key = parts_->keys.find(environment);
  if (!key) return fail(ErrorKind::not_found, "environment " + environment.text() + " has no data key");
  return key->seal(plain, bound_to(environment.uuid, resource.uuid));
}

Result<Secret> Vault::open(EnvironmentId environment, ResourceId resource, const store::Blob& sealed) const {
  const auto* key = parts_->keys.find(environment);
  if (!key) return fail(ErrorKind::not_found, "environment " + environment.text() + " has no data key");
  auto plain = key->open(sealed, bound_to(environment.uuid, resource.uuid));
  if (!plain) {
    return fail(ErrorKind::internal,
                "the value of " + resource.text() +
                    " does not open: it was changed, or it was sealed for another variable");
  }
  return std::move(*plain);
}

}  // namespace poly::vault
