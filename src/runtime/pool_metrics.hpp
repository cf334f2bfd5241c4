// What the runtime counts (`/metrics`).
#pragma once

#include <array>

#include "journal/metrics.hpp"
#include "runtime/settings.hpp"

namespace poly::runtime {

struct EngineMetrics {
  journal::Counter* cold_starts;
  journal::Counter* start_failures;
  journal::Counter* killed_for_memory;
  journal::Counter* put_away;
  journal::Counter* scaled_up;
  journal::Counter* scaled_down;
  journal::Gauge* instances;
  journal::Gauge* waiting_calls;
  journal::Histogram* start_time;  // from the wish for an instance to its code loaded
  journal::Histogram* queue_time;  // of calls, before an instance took them
  journal::Histogram* run_time;    // of calls, inside the instance
};

class PoolMetrics final {
 public:
  explicit PoolMetrics(journal::Metrics& metrics);
  const EngineMetrics& of(Engine engine) const { return engines_[static_cast<std::size_t>(engine)]; }

 private:
  std::array<EngineMetrics, engine_count> engines_;
};

}  // namespace poly::runtime
