// Locks and what they were made for, as rows: every statement about the tables `package_locks` and
// `package_wishes` stands here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "packages/installer.hpp"
#include "store/store.hpp"

namespace poly::packages::rows {

struct KnownLock {
  std::string hash;  // of the layer
  Ecosystem ecosystem{};
  std::vector<std::string> packages;
  std::optional<Timestamp> unused_since;
};

struct KnownWish {
  std::string hash;
  std::string layer;
};

// What a wish was resolved to. Knowing a lock already, it stays as it is.
std::vector<store::Statement> remember(const std::string& wish, const std::string& layer, Ecosystem ecosystem,
                                       const Lock& lock);
std::vector<store::Statement> forget(const std::string& layer);
store::Statement set_unused(const std::string& layer, std::optional<Timestamp> since);

store::Statement locks();
KnownLock lock_of(const store::Row& row);
store::Statement wishes();
KnownWish wish_of(const store::Row& row);
store::Statement content(const std::string& layer);
Lock content_of(const store::Row& row);

}  // namespace poly::packages::rows
