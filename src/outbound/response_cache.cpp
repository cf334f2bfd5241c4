#include "outbound/response_cache.hpp"

namespace poly::outbound {
namespace {

constexpr std::size_t entry_bytes = 256;  // what an entry takes beside its texts

std::size_t bytes_of(const KeptAnswer& answer) {
  return entry_bytes + answer.envelope.size() + answer.etag.size() + answer.last_modified.size();
}

}  // namespace

KeptAnswerPointer ResponseCache::find(const Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

void ResponseCache::keep(const Digest& key, KeptAnswerPointer answer) {
  const auto size = bytes_of(*answer);
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
  if (size > kept_answer_bytes_max || size > bytes_max_) return;
  while (bytes_ + size > bytes_max_) drop(std::prev(entries_.end()));
  entries_.push_front({key, std::move(answer)});
  by_key_[key] = entries_.begin();
  bytes_ += size;
}

void ResponseCache::forget(const Digest& key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
}

void ResponseCache::drop(Entries::iterator entry) {
  bytes_ -= bytes_of(*entry->answer);
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

std::size_t ResponseCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t ResponseCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace poly::outbound
