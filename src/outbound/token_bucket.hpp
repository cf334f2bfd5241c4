// How many requests may go out in a time. One bucket serves all loops, without a lock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace poly::outbound {

// A bucket of `tokens` that fills up evenly in `period`, kept as the one time at which it would be full again
// (the generic cell rate algorithm).
class TokenBucket final {
 public:
  TokenBucket(int tokens, std::chrono::nanoseconds period);

  // Takes a token, and says how long to wait until it is there; zero when it is there now. Takes none, and
  // says nothing, when the wait would be longer than `longest_wait`.
  std::optional<std::chrono::nanoseconds> take(Instant now, std::chrono::nanoseconds longest_wait);

 private:
  const std::chrono::nanoseconds one_token_;
  const std::chrono::nanoseconds other_tokens_;  // what a full bucket has beside the one that is taken
  std::atomic<std::int64_t> full_at_;
};

}  // namespace poly::outbound
