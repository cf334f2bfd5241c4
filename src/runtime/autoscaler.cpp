#include "runtime/autoscaler.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace poly::runtime {
namespace {

double seconds(std::chrono::milliseconds span) {
  return static_cast<double>(span.count()) / 1000;
}

}  // namespace

Autoscaler::Autoscaler(const ScalingSettings& settings, ScalingRange range)
    : settings_(settings), range_(range), window_(std::max(settings.stable_window, settings.panic_window)) {}

void Autoscaler::observe(Instant now, std::size_t calls) {
  if (calls > 0 || window_.current() > 0) last_busy_ = now;
  window_.set(now, calls);
}

std::size_t Autoscaler::instances_for(double average) const {
  const auto target = std::max(1.0, static_cast<double>(range_.concurrency) * settings_.target_utilisation);
  return static_cast<std::size_t>(std::ceil(average / target));
}

std::size_t Autoscaler::needed_for(std::size_t calls) const {
  const auto needed = (calls + range_.concurrency - 1) / range_.concurrency;
  return std::clamp(needed, range_.min, range_.max);
}

ScalingDecision Autoscaler::decide(Instant now, std::size_t ready) {
  ScalingDecision decision;
  decision.stable_average = window_.average(now, settings_.stable_window);
  decision.panic_average = window_.average(now, settings_.panic_window);
  const auto for_stable = instances_for(decision.stable_average);
  const auto for_panic = std::min(instances_for(decision.panic_average), range_.max);

  if (ready > 0 && static_cast<double>(for_panic) >= settings_.panic_ratio * static_cast<double>(ready)) {
    panic_until_ = now + settings_.stable_window;
  }
  if (panic_until_ && now >= *panic_until_) {
    panic_until_.reset();
    panic_peak_ = 0;
  }
  decision.panicking = panic_until_.has_value();

  const bool idle = window_.current() == 0 && now - last_busy_ >= settings_.idle_after;
  if (idle) {
    panic_until_.reset();
    panic_peak_ = 0;
    decision.panicking = false;
    decision.wanted = 0;
    decision.reason = fmt::format("no call for {:g} s", seconds(settings_.idle_after));
  } else if (decision.panicking) {
    panic_peak_ = std::max({panic_peak_, for_panic, for_stable});
    decision.wanted = panic_peak_;
    decision.reason = fmt::format("a spike: {:.1f} calls in flight over {:g} s", decision.panic_average,
                                  seconds(settings_.panic_window));
  } else {
    const auto kept =
        static_cast<std::size_t>(std::floor(static_cast<double>(ready) / settings_.shrink_ratio));
    decision.wanted = std::max({for_stable, kept, std::size_t{ready > 0}});
    decision.reason = fmt::format("{:.1f} calls in flight over {:g} s", decision.stable_average,
                                  seconds(settings_.stable_window));
  }
  if (decision.wanted < range_.min) {
    decision.wanted = range_.min;
    decision.reason += fmt::format("; {} are always kept", range_.min);
  } else if (decision.wanted > range_.max) {
    decision.wanted = range_.max;
    decision.reason += fmt::format("; {} at most", range_.max);
  }
  return decision;
}

}  // namespace poly::runtime
