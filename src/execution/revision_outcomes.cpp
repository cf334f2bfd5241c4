#include "execution/revision_outcomes.hpp"

#include <algorithm>

namespace poly::execution {

RevisionOutcomes outcomes_in(const std::vector<RevisionOutcomes>& all, int revision) {
  const auto found = std::ranges::find(all, revision, &RevisionOutcomes::revision);
  return found == all.end() ? RevisionOutcomes{.revision = revision} : *found;
}

// A loop forgets a revision that takes no calls for a while and counts it from 0 when it comes back.
RevisionOutcomes since(const RevisionOutcomes& now, const RevisionOutcomes& earlier) {
  if (now.calls < earlier.calls || now.errors < earlier.errors) return now;
  return {
      .revision = now.revision, .calls = now.calls - earlier.calls, .errors = now.errors - earlier.errors};
}

double error_percent(const RevisionOutcomes& outcomes) {
  if (outcomes.calls == 0) return 0;
  return 100.0 * static_cast<double>(outcomes.errors) / static_cast<double>(outcomes.calls);
}

}  // namespace poly::execution
