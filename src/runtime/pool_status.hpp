// What people are told about the instances of a function.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "runtime/autoscaler.hpp"

namespace poly::runtime {

struct InstanceStatus {
  int pid = 0;
  std::size_t calls = 0;  // in flight
  std::size_t resident_bytes = 0;
  std::chrono::milliseconds age{0};
  std::chrono::milliseconds idle{0};
  bool draining = false;
};

// A change of the number of instances, and why.
struct ScalingEvent {
  Timestamp at;
  std::size_t from = 0;
  std::size_t to = 0;
  std::string reason;
};

struct GroupStatus {
  int revision = 0;
  ScalingRange range;
  std::vector<InstanceStatus> instances;
  std::size_t starting = 0;
  std::size_t waiting = 0;  // calls
  ScalingDecision decision;
  std::vector<ScalingEvent> events;  // the newest last
};

}  // namespace poly::runtime
