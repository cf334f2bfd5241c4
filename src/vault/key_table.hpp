// The data keys of all environments. Keys are only ever added, so finding one takes no lock and no counting:
// a chain is read from its head, and a new link is in place before the head points at it.
#pragma once

#include <array>
#include <atomic>
#include <mutex>

#include "base/id.hpp"
#include "vault/key.hpp"

namespace poly::vault {

class KeyTable final {
 public:
  KeyTable() = default;
  ~KeyTable();
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;

  // Null when the environment has none. The key lives as long as the table.
  const Key* find(EnvironmentId environment) const;
  // Keeps the first key when called twice for one environment.
  void add(EnvironmentId environment, Key key);

 private:
  struct Link {
    EnvironmentId environment;
    Key key;
    Link* next;
  };
  static constexpr std::size_t chains = 1024;
  static std::size_t chain_of(EnvironmentId environment) {
    return std::hash<EnvironmentId>()(environment) % chains;
  }

  std::array<std::atomic<Link*>, chains> heads_{};
  std::mutex adding_;
};

}  // namespace poly::vault
