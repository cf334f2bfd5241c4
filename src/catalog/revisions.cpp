#include "catalog/revisions.hpp"

#include <algorithm>
#include <set>

namespace poly::catalog {
namespace {

using spec::Revision;
using spec::ServerFunction;
using spec::TrafficShare;

Revision& revision_in(ServerFunction& function, int number) {
  if (function.current.number == number) return function.current;
  const auto found = std::ranges::find(function.others, number, &Revision::number);
  CHECK(found != function.others.end());
  return *found;
}

const Revision* find_among(const ServerFunction& function, const std::vector<Revision>& more, int number) {
  if (const auto* own = function.find_revision(number)) return own;
  const auto found = std::ranges::find(more, number, &Revision::number);
  return found == more.end() ? nullptr : &*found;
}

// The state of the calls moves from one definition to the next; the rest of a deploy replaces what was there.
void keep_traffic(ServerFunction& function, const ServerFunction& before) {
  function.current = before.current;
  function.traffic = before.traffic;
  function.others = before.others;
  function.canary = before.canary;
  function.rolled_back = before.rolled_back;
}

ServerFunction roll_out(ServerFunction function, const ServerFunction& before, const Rollout& rollout,
                        Timestamp now) {
  const std::vector<Revision> more{before.current};
  const TrafficShare newest{.revision = function.current.number, .percent = 100};
  switch (rollout.kind) {
    case Rollout::Kind::all:
      return with_traffic(std::move(function), {newest});
    case Rollout::Kind::none:
      function = with_traffic(std::move(function), before.shares(), more);
      function.canary = before.canary;
      function.rolled_back = before.rolled_back;
      return function;
    case Rollout::Kind::canary:
      break;
  }
  std::vector<TrafficShare> shares{{.revision = before.serving().number, .percent = 100 - rollout.percent},
                                   {.revision = newest.revision, .percent = rollout.percent}};
  return with_canary(std::move(function), std::move(shares), more, rollout.rules, now);
}

void require(bool fine, std::string field_and_reason) {
  if (!fine) throw Failure(ErrorKind::bad_request, std::move(field_and_reason));
}

}  // namespace

bool same_revision(const Revision& one, const Revision& other) {
  return one.code.source == other.code.source && one.code.language == other.code.language &&
         one.code.requirements == other.code.requirements && one.code.layer == other.code.layer &&
         one.settings == other.settings;
}

ServerFunction deployed(const ServerFunction* before, Deploy deploy, Timestamp now) {
  auto function = std::move(deploy.function);
  if (!before) {
    function.current.number = 1;
    return with_traffic(std::move(function), {{.revision = 1, .percent = 100}});
  }
  auto revision = std::move(function.current);
  keep_traffic(function, *before);
  const auto base = deploy.base == Deploy::Base::serving ? before->serving().number : before->current.number;
  auto& compared = revision_in(function, base);
  if (same_revision(compared, revision)) {
    // What the toolchain or the client know of the same source may still be more than before.
    compared.code = std::move(revision.code);
    return function;
  }
  revision.number = before->current.number + 1;
  function.current = std::move(revision);
  return roll_out(std::move(function), *before, deploy.rollout, now);
}

void require_shares(const std::vector<TrafficShare>& shares) {
  require(!shares.empty() && shares.size() <= traffic_shares_max,
          "$.shares: must name from 1 to " + std::to_string(traffic_shares_max) + " revisions");
  std::set<int> seen;
  int sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto where = "$.shares[" + std::to_string(i) + "]";
    require(shares[i].percent >= 1 && shares[i].percent <= 100, where + ".percent: must be from 1 to 100");
    require(seen.insert(shares[i].revision).second,
            where + ".revision: " + std::to_string(shares[i].revision) + " is named twice");
    sum += shares[i].percent;
  }
  require(sum == 100, "$.shares: the percentages must add up to 100, not " + std::to_string(sum));
}

void require_rules(const spec::CanaryRules& rules) {
  require(rules.error_percent_max >= 0 && rules.error_percent_max <= 100,
          "$.canary.errorPercentMax: must be from 0 to 100");
  require(rules.calls_min >= 1 && rules.calls_min <= canary_calls_max,
          "$.canary.callsMin: must be from 1 to " + std::to_string(canary_calls_max));
  require(rules.minutes >= 1 && rules.minutes <= canary_minutes_max,
          "$.canary.minutes: must be from 1 to " + std::to_string(canary_minutes_max));
}

ServerFunction with_traffic(ServerFunction function, std::vector<TrafficShare> shares,
                            const std::vector<Revision>& more) {
  std::ranges::sort(shares, {}, &TrafficShare::revision);
  std::vector<Revision> others;
  for (const auto& share : shares) {
    if (share.revision == function.current.number) continue;
    const auto* found = find_among(function, more, share.revision);
    CHECK(found);
    others.push_back(*found);
  }
  function.others = std::move(others);
  const bool all_to_current = shares.size() == 1 && shares.front().revision == function.current.number;
  function.traffic = all_to_current ? std::vector<TrafficShare>{} : std::move(shares);
  function.canary.reset();
  function.rolled_back.reset();
  return function;
}

ServerFunction with_canary(ServerFunction function, std::vector<TrafficShare> shares,
                           const std::vector<Revision>& more, spec::CanaryRules rules, Timestamp now) {
  require(shares.size() == 2, "$.canary: a trial is between two revisions");
  require_rules(rules);
  const auto [stable, candidate] = std::minmax(shares.front().revision, shares.back().revision);
  spec::Canary canary{.candidate = candidate, .stable = stable, .began_at = now, .rules = rules};
  function = with_traffic(std::move(function), std::move(shares), more);
  function.canary = canary;
  return function;
}

ServerFunction with_canary_failed(ServerFunction function, std::string reason, Timestamp now) {
  const auto canary = *function.canary;
  function = with_traffic(std::move(function), {{.revision = canary.stable, .percent = 100}});
  function.rolled_back =
      spec::RolledBack{.from = canary.candidate, .to = canary.stable, .at = now, .reason = std::move(reason)};
  return function;
}

ServerFunction with_canary_passed(ServerFunction function) {
  const auto candidate = function.canary->candidate;
  return with_traffic(std::move(function), {{.revision = candidate, .percent = 100}});
}

}  // namespace poly::catalog
