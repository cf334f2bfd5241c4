#include "gateway/server_function_deploy.hpp"

#include "catalog/revisions.hpp"
#include "gateway/revision_proof.hpp"

namespace poly::gateway {
namespace {

using catalog::Deploy;
using catalog::ResourcePointer;
using catalog::Rollout;
using spec::ServerFunction;

constexpr std::size_t note_bytes_max = 1'000;

Rollout rollout_of(const RolloutRequest& request) {
  Rollout rollout{.kind = request.traffic.value_or(Rollout::Kind::all)};
  const bool canary = rollout.kind == Rollout::Kind::canary;
  if (!canary && (request.canary_percent || request.canary)) {
    throw Failure(ErrorKind::bad_request,
                  "$.traffic: must be \"canary\" when canary or canaryPercent is given");
  }
  rollout.percent = request.canary_percent.value_or(rollout.percent);
  if (rollout.percent < 1 || rollout.percent > 99) {
    throw Failure(ErrorKind::bad_request, "$.canaryPercent: must be from 1 to 99");
  }
  rollout.rules = request.canary.value_or(rollout.rules);
  catalog::require_rules(rollout.rules);
  return rollout;
}

std::string note_of(const RolloutRequest& request) {
  auto note = request.note.value_or("");
  if (note.size() > note_bytes_max) {
    throw Failure(ErrorKind::bad_request,
                  "$.note: must have at most " + std::to_string(note_bytes_max) + " bytes");
  }
  return note;
}

ResourcePointer standing_at(const catalog::Catalog& catalog, const identity::Identity& owner,
                            const std::string& path) {
  auto found = catalog.here()->find_own(owner.environment.id, catalog::NameSpace::poly, path);
  return found && found->kind() == spec::Kind::server_function ? found : nullptr;
}

const ServerFunction* function_in(const catalog::Definition* standing) {
  return standing ? &std::get<ServerFunction>(*standing) : nullptr;
}

}  // namespace

Task<catalog::Draft> draft_of_deploy(DeployParts parts, identity::IdentityPointer owner,
                                     ServerFunction function, RolloutRequest request, ResourcePointer changed,
                                     std::function<void(std::string_view)> tell) {
  const auto base = changed ? Deploy::Base::serving : Deploy::Base::current;
  const auto standing = changed ? changed : standing_at(parts.catalog, *owner, function.head.path());
  const Deploy deploy{.function = std::move(function), .base = base, .rollout = rollout_of(request)};
  const auto now = parts.clock.now();
  const auto* before = standing ? &standing->as<ServerFunction>() : nullptr;
  catalog::Draft draft;
  draft.note = {.deployed_by = owner->key.id, .text = note_of(request)};
  draft.complete = [deploy, now](const catalog::Definition* newest) {
    return catalog::Definition(catalog::deployed(function_in(newest), deploy, now));
  };
  auto next = catalog::deployed(before, deploy, now);
  if (before && next.current.number != before->current.number) {
    if (tell) tell("starting revision " + std::to_string(next.current.number));
    auto proving = prove_revision(parts.functions, standing, next, next.current.number, parts.catalog.here());
    co_await std::move(proving);
  }
  draft.definition = std::move(next);
  co_return draft;
}

void add_revisions(JsonObject& detail, const ServerFunction& function) {
  detail["revision"] = function.serving().number;
  detail["latestRevision"] = function.current.number;
  detail["traffic"] = encode(function.shares());
  if (function.canary) detail["canary"] = encode(*function.canary);
  if (function.rolled_back) detail["rolledBack"] = encode(*function.rolled_back);
}

void add_deployed(JsonObject& detail, const catalog::Change& change) {
  if (!change.before) return;
  const auto& after = change.after->as<ServerFunction>();
  const bool changed = change.before->as<ServerFunction>().current.number != after.current.number;
  detail["changed"] = changed;
  if (changed) detail["revision"] = after.current.number;
}

}  // namespace poly::gateway
