// How many events wait or run, and whether there is room for more. Every loop takes room here before it
// stores.
#pragma once

#include <atomic>
#include <cstddef>

#include "base/error.hpp"
#include "journal/metrics.hpp"

namespace poly::events {

class Backlog final {
 public:
  Backlog(std::size_t limit, journal::Gauge& gauge) : limit_(limit), gauge_(gauge) {}
  Backlog(const Backlog&) = delete;
  Backlog& operator=(const Backlog&) = delete;

  // Room for all of them or for none.
  bool try_add(std::size_t count) {
    auto now = count_.load(std::memory_order_relaxed);
    do {
      if (now + count > limit_) return false;
    } while (!count_.compare_exchange_weak(now, now + count, std::memory_order_relaxed));
    gauge_.add(static_cast<std::int64_t>(count));
    return true;
  }

  // Those that are there already, past the limit too.
  void add(std::size_t count) {
    count_.fetch_add(count, std::memory_order_relaxed);
    gauge_.add(static_cast<std::int64_t>(count));
  }

  void remove(std::size_t count) {
    count_.fetch_sub(count, std::memory_order_relaxed);
    gauge_.add(-static_cast<std::int64_t>(count));
  }

  std::size_t limit() const { return limit_; }

 private:
  const std::size_t limit_;
  journal::Gauge& gauge_;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace poly::events
