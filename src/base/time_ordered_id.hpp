// Version 7 UUIDs (RFC 9562): the milliseconds since 1970, a count within the millisecond, then random bits.
// For rows that are written in
// great number, such as executions and events: their index grows at its end, where random ids would touch a
// page each.
#pragma once

#include <atomic>

#include "base/id.hpp"
#include "base/time.hpp"

namespace poly {

// Thread safe. Ids of one source sort in the order in which they were made, up to 4,096 in one millisecond.
// They tell when that was: not for keys and other secrets.
class TimeOrderedIdSource final : public IdSource {
 public:
  explicit TimeOrderedIdSource(const Clock& clock) : clock_(clock) {}
  Uuid next() override;

 private:
  std::uint64_t tick();

  const Clock& clock_;
  RandomIdSource random_;
  std::atomic<std::uint64_t> last_ = 0;
};

}  // namespace poly
