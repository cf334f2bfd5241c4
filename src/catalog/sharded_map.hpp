// An immutable hash map whose copy with one change is cheap: it shares all but one of its shards.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <unordered_map>

namespace poly::catalog {

template <class Key, class Value>
class ShardedMap final {
 public:
  static constexpr std::size_t shards = 256;

  const Value* find(const Key& key) const {
    const auto& shard = shards_[shard_of(key)];
    if (!shard) return nullptr;
    const auto found = shard->find(key);
    return found == shard->end() ? nullptr : &found->second;
  }

  std::size_t size() const { return size_; }

  // The map with `key` set to `value`; this one stays as it is.
  ShardedMap with(const Key& key, Value value) const {
    ShardedMap next(*this);
    auto shard = next.copy_shard(key);
    if (shard->insert_or_assign(key, std::move(value)).second) ++next.size_;
    next.shards_[shard_of(key)] = std::move(shard);
    return next;
  }

  ShardedMap without(const Key& key) const {
    ShardedMap next(*this);
    auto shard = next.copy_shard(key);
    next.size_ -= shard->erase(key);
    next.shards_[shard_of(key)] = std::move(shard);
    return next;
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& shard : shards_) {
      if (!shard) continue;
      for (const auto& [key, value] : *shard) visit(key, value);
    }
  }

 private:
  using Shard = std::unordered_map<Key, Value>;

  static std::size_t shard_of(const Key& key) {
    // The low bits choose a bucket inside the shard; the shard is chosen by others.
    return (std::hash<Key>()(key) * 0x9E3779B97F4A7C15ULL) >> 56;
  }

  std::shared_ptr<Shard> copy_shard(const Key& key) const {
    const auto& shard = shards_[shard_of(key)];
    return shard ? std::make_shared<Shard>(*shard) : std::make_shared<Shard>();
  }

  std::array<std::shared_ptr<const Shard>, shards> shards_;
  std::size_t size_ = 0;
};

}  // namespace poly::catalog
