// Answers that are kept for the calls to come, of all functions and loops, in bounded memory: what was not
// used for longest goes first.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "outbound/digest.hpp"

namespace poly::outbound {

inline constexpr std::size_t kept_bytes_max = std::size_t{64} << 20;
inline constexpr std::size_t kept_answer_bytes_max = std::size_t{4}
                                                     << 20;  // of one; a larger one is not kept

struct KeptAnswer {
  int status = 0;
  std::string envelope;
  std::string etag, last_modified;
  Instant fresh_until{};
};

using KeptAnswerPointer = std::shared_ptr<const KeptAnswer>;

class ResponseCache final {
 public:
  explicit ResponseCache(std::size_t bytes_max = kept_bytes_max) : bytes_max_(bytes_max) {}
  ResponseCache(const ResponseCache&) = delete;
  ResponseCache& operator=(const ResponseCache&) = delete;

  // Fresh or not; null when there is none.
  KeptAnswerPointer find(const Digest& key);
  // In place of an earlier one.
  void keep(const Digest& key, KeptAnswerPointer answer);
  void forget(const Digest& key);

  std::size_t bytes() const;
  std::size_t size() const;

 private:
  struct Entry {
    Digest key;
    KeptAnswerPointer answer;
  };
  using Entries = std::list<Entry>;

  void drop(Entries::iterator entry);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  Entries entries_;  // the last used first
  std::unordered_map<Digest, Entries::iterator, DigestHash> by_key_;
};

}  // namespace poly::outbound
