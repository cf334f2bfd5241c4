// How the calls of a revision ended: what is counted on every loop, and looked at by trials and by people.
#pragma once

#include <cstdint>
#include <vector>

namespace poly::execution {

// Calls that never reached its code (wrong arguments, no room) are not in here.
struct RevisionOutcomes {
  int revision = 0;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;  // it failed, or did not end in time

  bool operator==(const RevisionOutcomes&) const = default;
};

// Those of `revision`; none when it is not there.
RevisionOutcomes outcomes_in(const std::vector<RevisionOutcomes>& all, int revision);
// What came after `earlier`, which is of the same revision.
RevisionOutcomes since(const RevisionOutcomes& now, const RevisionOutcomes& earlier);
// Of a hundred calls; 0 when there was none.
double error_percent(const RevisionOutcomes& outcomes);

}  // namespace poly::execution
