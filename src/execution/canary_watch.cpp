#include "execution/canary_watch.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "catalog/revisions.hpp"
#include "execution/canary_judge.hpp"

namespace poly::execution {
namespace {

using catalog::Resource;
using catalog::ResourcePointer;
using spec::ServerFunction;

RevisionOutcomes of_trial(const std::vector<RevisionOutcomes>& now,
                          const std::vector<RevisionOutcomes>& before, int revision) {
  return since(outcomes_in(now, revision), outcomes_in(before, revision));
}

}  // namespace

CanaryWatch::CanaryWatch(CanaryParts parts)
    : parts_(std::move(parts)),
      tasks_(parts_.control, "trials of revisions"),
      timer_(parts_.wheel, [this] { tasks_.spawn(look_at_all()); }) {}

void CanaryWatch::start() {
  parts_.catalog.on_change([this](const catalog::Change& change) {
    if (change.after) return follow(*change.after);
    trials_.erase(change.before->id);
  });
  parts_.catalog.here()->for_each([this](const ResourcePointer& resource) { follow(*resource); });
}

void CanaryWatch::follow(const Resource& resource) {
  const auto* function = resource.if_is<ServerFunction>();
  if (!function || closing_) return;
  if (!function->canary) {
    trials_.erase(resource.id);
    return;
  }
  auto& trial = trials_[resource.id];
  if (trial.began_at == function->canary->began_at) return;
  trial = {.began_at = function->canary->began_at};
  tasks_.spawn(look_at(resource.id));
  if (!timer_.armed()) timer_.arm(canary_looked_at_every);
}

Task<void> CanaryWatch::look_at_all() {
  std::vector<ResourceId> watched;
  for (const auto& [id, trial] : trials_) watched.push_back(id);
  for (const auto& id : watched) {
    auto looking = look_at(id);
    co_await std::move(looking);
  }
  if (!trials_.empty() && !closing_) timer_.arm(canary_looked_at_every);
}

Task<void> CanaryWatch::look_at(ResourceId id) {
  auto reading = parts_.outcomes_of(id);
  const auto counted = co_await std::move(reading);
  const auto watched = trials_.find(id);
  const auto function = parts_.catalog.here()->find(id);
  if (watched == trials_.end() || !function) co_return;
  const auto& now = function->as<ServerFunction>();
  if (!now.canary || now.canary->began_at != watched->second.began_at) co_return;
  auto& trial = watched->second;
  if (!trial.counts_known) trial.before = counted;
  trial.counts_known = true;
  const auto candidate = of_trial(counted, trial.before, now.canary->candidate);
  const auto stable = of_trial(counted, trial.before, now.canary->stable);
  const auto verdict = judge(*now.canary, candidate, stable, parts_.clock.now());
  if (verdict.kind == CanaryVerdict::Kind::goes_on) co_return;
  const bool failed = verdict.kind == CanaryVerdict::Kind::failed;
  log(failed ? LogLevel::warn : LogLevel::info,
      failed ? "a new revision failed its trial: calls go to the stable one again"
             : "a new revision passed its trial and takes all calls",
      {{"function", function->path()},
       {"candidate", std::to_string(now.canary->candidate)},
       {"stable", std::to_string(now.canary->stable)},
       {"reason", verdict.reason}});
  auto next = failed ? catalog::with_canary_failed(now, verdict.reason, parts_.clock.now())
                     : catalog::with_canary_passed(now);
  auto ending = end(function, std::move(next));
  co_await std::move(ending);
}

// When somebody else changed the function at this moment, the next look decides over what it is then.
Task<void> CanaryWatch::end(ResourcePointer function, ServerFunction next) {
  const auto path = function->path();
  catalog::Draft draft;
  draft.definition = std::move(next);
  auto replacing = attempt(parts_.catalog.replace(std::move(function), std::move(draft)));
  const auto replaced = co_await std::move(replacing);
  if (!replaced) {
    log(LogLevel::warn, "the end of a trial was not stored; it is tried again",
        {{"function", path}, {"error", replaced.error().message}});
  }
}

Task<void> CanaryWatch::close() {
  closing_ = true;
  timer_.disarm();
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::execution
