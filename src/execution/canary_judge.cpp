#include "execution/canary_judge.hpp"

#include <fmt/format.h>

namespace poly::execution {

CanaryVerdict judge(const spec::Canary& canary, const RevisionOutcomes& candidate,
                    const RevisionOutcomes& stable, Timestamp now) {
  const auto& rules = canary.rules;
  const auto rate = error_percent(candidate);
  const auto stable_rate = error_percent(stable);
  const bool enough = candidate.calls >= static_cast<std::uint64_t>(rules.calls_min);
  if (enough && rate > rules.error_percent_max && rate > stable_rate) {
    return {CanaryVerdict::Kind::failed,
            fmt::format("{} of {} calls of revision {} failed ({:.1f} %, at most {:g} % may; revision {} had "
                        "{:.1f} %)",
                        candidate.errors, candidate.calls, canary.candidate, rate, rules.error_percent_max,
                        canary.stable, stable_rate)};
  }
  const bool over = now >= canary.began_at + std::chrono::minutes(rules.minutes);
  return {over ? CanaryVerdict::Kind::passed : CanaryVerdict::Kind::goes_on, {}};
}

}  // namespace poly::execution
