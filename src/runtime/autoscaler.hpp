// How many instances a function should have, told from how many calls it had in flight.
//
// The stable window follows the load slowly, so that instances do not come and go with every wave; the panic
// window follows a spike at once, and while it lasts nothing is put away. Time is handed in.
#pragma once

#include <optional>
#include <string>

#include "runtime/concurrency_window.hpp"

namespace poly::runtime {

struct ScalingSettings {
  std::chrono::milliseconds stable_window{60'000};
  std::chrono::milliseconds panic_window{6'000};
  double panic_ratio = 2;           // panic when the short window wants so many times what is there
  double target_utilisation = 0.7;  // of an instance's concurrency: room for what comes next
  double shrink_ratio = 2;          // a decision keeps at least this part of what is there: a half
  std::chrono::milliseconds idle_after{60'000};  // without any call for so long: down to the minimum
};

struct ScalingRange {
  std::size_t min = 0;
  std::size_t max = 1;
  std::size_t concurrency = 100;  // calls in flight that one instance takes at most

  bool operator==(const ScalingRange&) const = default;
};

struct ScalingDecision {
  std::size_t wanted = 0;
  double stable_average = 0;  // calls in flight over the stable window
  double panic_average = 0;   // … and over the panic window
  bool panicking = false;
  std::string reason;  // in words, for logs and people
};

class Autoscaler final {
 public:
  Autoscaler(const ScalingSettings& settings, ScalingRange range);

  // From `now` on, `calls` are in flight or waiting.
  void observe(Instant now, std::size_t calls);

  // `ready`: the instances there are, with those that are starting.
  ScalingDecision decide(Instant now, std::size_t ready);

  // How many instances it takes to run `calls` at once, within the range.
  std::size_t needed_for(std::size_t calls) const;

  const ScalingRange& range() const { return range_; }

 private:
  std::size_t instances_for(double average) const;

  const ScalingSettings& settings_;
  ScalingRange range_;
  ConcurrencyWindow window_;
  Instant last_busy_{};
  std::optional<Instant> panic_until_;
  std::size_t panic_peak_ = 0;
};

}  // namespace poly::runtime
