// Numbers about the running process, for Prometheus.
//
// A metric is registered once by name and labels; who counts keeps the reference. Counting is one relaxed
// addition in a cache line that the thread shares with few others, so the loops do not slow each other down.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poly::journal {

using Labels = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t metric_shards = 16;
// Series of one metric; more of them (labels may come from tenants) are counted together, labelled
// overflow="true".
inline constexpr std::size_t series_max = 1'000;

// The shard of the calling thread.
std::size_t metric_shard();

class Counter final {
 public:
  void add(std::uint64_t by = 1) { cells_[metric_shard()].value.fetch_add(by, std::memory_order_relaxed); }
  std::uint64_t value() const;

 private:
  struct alignas(64) Cell {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Cell, metric_shards> cells_;
};

class Gauge final {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Durations, in milliseconds.
class Histogram final {
 public:
  static constexpr auto bounds_ms = std::to_array<double>(
      {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 30'000});

  struct Totals {
    std::array<std::uint64_t, bounds_ms.size() + 1> buckets{};  // the last: above every bound
    double sum_ms = 0;
  };

  void observe(std::chrono::nanoseconds duration);
  Totals totals() const;

 private:
  struct alignas(64) Cell {
    std::array<std::atomic<std::uint64_t>, bounds_ms.size() + 1> buckets{};
    std::atomic<std::uint64_t> sum_nanoseconds{0};
  };
  std::array<Cell, metric_shards> cells_;
};

class Metrics final {
 public:
  enum class Type { counter, gauge, histogram };

  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same name and labels give the same object, which lives as long as this. Takes a lock: keep the
  // reference. CHECKs that the name is one of Prometheus and always has the same type.
  Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, const Labels& labels = {});
  // A number that another part keeps: asked for at each render, under the lock of this.
  void watch(std::string_view name, std::string_view help, Type type, std::function<double()> read,
             const Labels& labels = {});

  // Prometheus text format 0.0.4.
  std::string render() const;

 private:
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    std::function<double()> watched;
  };
  struct Family {
    std::string help;
    Type type = Type::counter;
    std::map<std::string, Series> series;  // by rendered labels
  };

  Series& series(std::string_view name, std::string_view help, Type type, const Labels& labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace poly::journal
