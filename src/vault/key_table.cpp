#include "vault/key_table.hpp"

namespace poly::vault {

KeyTable::~KeyTable() {
  for (auto& head : heads_) {
    for (auto* link = head.load(); link;) {
      const std::unique_ptr<Link> owned(link);
      link = owned->next;
    }
  }
}

const Key* KeyTable::find(EnvironmentId environment) const {
  for (auto* link = heads_[chain_of(environment)].load(std::memory_order_acquire); link; link = link->next) {
    if (link->environment == environment) return &link->key;
  }
  return nullptr;
}

void KeyTable::add(EnvironmentId environment, Key key) {
  const std::scoped_lock lock(adding_);
  if (find(environment)) return;
  auto& head = heads_[chain_of(environment)];
  auto link = std::make_unique<Link>(environment, std::move(key), head.load(std::memory_order_relaxed));
  head.store(link.release(), std::memory_order_release);
}

}  // namespace poly::vault
