#include "packages/lock_rows.hpp"

#include "base/codec.hpp"

namespace poly::packages::rows {
namespace {

using store::statement;
using store::Statement;

std::vector<std::string> texts(const std::string& json) {
  return value_or_throw(decode<std::vector<std::string>>(value_or_throw(parse_json(json, "stored list"))));
}

}  // namespace

std::vector<Statement> remember(const std::string& wish, const std::string& layer, Ecosystem ecosystem,
                                const Lock& lock) {
  std::vector<Statement> batch;
  batch.push_back(statement(
      "INSERT INTO package_locks (layer, ecosystem, packages, identities, content) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (layer) DO NOTHING",
      layer, word_of(ecosystem), encode_text(lock.packages), encode_text(lock.identities), lock.text));
  batch.push_back(
      statement("INSERT INTO package_wishes (wish, layer) VALUES ($1, $2) "
                "ON CONFLICT (wish) DO UPDATE SET layer = excluded.layer",
                wish, layer));
  return batch;
}

std::vector<Statement> forget(const std::string& layer) {
  std::vector<Statement> batch;
  batch.push_back(statement("DELETE FROM package_wishes WHERE layer = $1", layer));
  batch.push_back(statement("DELETE FROM package_locks WHERE layer = $1", layer));
  return batch;
}

Statement set_unused(const std::string& layer, std::optional<Timestamp> since) {
  return statement("UPDATE package_locks SET unused_since = $2 WHERE layer = $1", layer, since);
}

Statement locks() {
  return statement("SELECT layer, ecosystem, packages, unused_since FROM package_locks");
}

KnownLock lock_of(const store::Row& row) {
  KnownLock known{.hash = row.text(0), .ecosystem = {}, .packages = texts(row.text(2)), .unused_since = {}};
  const auto ecosystem = enum_of<Ecosystem>(row.text(1));
  if (!ecosystem) throw Failure(ErrorKind::internal, "a stored lock is of no known kind: " + row.text(1));
  known.ecosystem = *ecosystem;
  if (!row.is_null(3)) known.unused_since = row.time(3);
  return known;
}

Statement wishes() {
  return statement("SELECT wish, layer FROM package_wishes");
}

KnownWish wish_of(const store::Row& row) {
  return {row.text(0), row.text(1)};
}

Statement content(const std::string& layer) {
  return statement("SELECT content, identities, packages FROM package_locks WHERE layer = $1", layer);
}

Lock content_of(const store::Row& row) {
  return {row.text(0), texts(row.text(1)), texts(row.text(2))};
}

}  // namespace poly::packages::rows
