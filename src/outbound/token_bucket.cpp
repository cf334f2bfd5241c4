#include "outbound/token_bucket.hpp"

#include <algorithm>
#include <limits>

namespace poly::outbound {

using std::chrono::nanoseconds;

TokenBucket::TokenBucket(int tokens, nanoseconds period)
    : one_token_(std::max(period / tokens, nanoseconds(1))),
      other_tokens_(one_token_ * (tokens - 1)),
      full_at_(std::numeric_limits<std::int64_t>::min()) {}

std::optional<nanoseconds> TokenBucket::take(Instant now, nanoseconds longest_wait) {
  const auto time = nanoseconds(now.time_since_epoch()).count();
  auto full_at = full_at_.load(std::memory_order_relaxed);
  while (true) {
    const auto from = std::max(full_at, time);
    const auto wait = std::max(nanoseconds(from - time) - other_tokens_, nanoseconds(0));
    if (wait > longest_wait) return std::nullopt;
    if (full_at_.compare_exchange_weak(full_at, from + one_token_.count(), std::memory_order_relaxed))
      return wait;
  }
}

}  // namespace poly::outbound
