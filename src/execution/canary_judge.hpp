// Whether a trial of a new revision has failed or is over. Pure.
#pragma once

#include <optional>
#include <string>

#include "execution/revision_outcomes.hpp"
#include "spec/canary.hpp"

namespace poly::execution {

struct CanaryVerdict {
  enum class Kind { goes_on, failed, passed };
  Kind kind = Kind::goes_on;
  std::string reason;  // of a failure
};

// The outcomes are those since the trial began. The candidate fails when at least `calls_min` calls went to
// it and the part of them that failed is past `error_percent_max` and past the stable revision's own; it
// passes when the minutes are over.
CanaryVerdict judge(const spec::Canary& canary, const RevisionOutcomes& candidate,
                    const RevisionOutcomes& stable, Timestamp now);

}  // namespace poly::execution
