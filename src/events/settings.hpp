// The limits of events, by name. What each one is for is said in README.md.
#pragma once

#include <chrono>
#include <cstddef>

namespace poly::events {

struct EventSettings {
  int attempts_max = 8;
  std::chrono::milliseconds backoff_first{1'000};
  std::chrono::milliseconds backoff_max{300'000};
  std::size_t running_max = 64;
  std::size_t pending_max = 100'000;               // waiting or running; past it: too_many_requests
  std::size_t payload_bytes_max = 8 << 20;         // of the body of a request; past it: too_large
  std::size_t dead_letters_kept_max = 10'000;      // of each environment; the oldest make room
  std::chrono::milliseconds closing_wait{10'000};  // for what still runs when the server stops
};

}  // namespace poly::events
