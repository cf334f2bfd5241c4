// Version 7 UUIDs (RFC 9562): the milliseconds since 1970, then random bits. For rows that are written in
// great number, such as executions and events: their index grows at its end, where random ids would touch a
// page each.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

namespace poly {

// Thread safe. They tell when they were made: not for keys and other secrets.
class TimeOrderedIdSource final : public IdSource {
 public:
  explicit TimeOrderedIdSource(const Clock& clock) : clock_(clock) {}
  Uuid next() override;

 private:
  const Clock& clock_;
  RandomIdSource random_;
};

}  // namespace poly
