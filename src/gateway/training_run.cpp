#include "gateway/training_run.hpp"

#include <algorithm>
#include <set>

#include "catalog/dependents.hpp"
#include "gateway/plain_resources.hpp"
#include "training/function_changes.hpp"

namespace poly::gateway {
namespace {

using catalog::Definition;
using catalog::Draft;
using catalog::Resource;
using catalog::ResourcePointer;
using identity::Permission;

// A definition on its way in, and how a person finds it in the model.
struct Candidate {
  std::string kind;
  std::string path;
  Definition definition;
};

catalog::NameSpace name_space_of(const Candidate& candidate) {
  return catalog::name_space_of(static_cast<spec::Kind>(candidate.definition.index()));
}

struct Checked {
  std::vector<Candidate> candidates;
  std::vector<TrainingProblem> problems;
};

std::string path_in(const Json& entry, const std::string& kind, std::size_t index) {
  const auto* object = entry.if_object();
  const auto path = object ? spec::join_path(text_of(*object, "context"), text_of(*object, "name")) : "";
  return path.empty() ? kind + " number " + std::to_string(index + 1) : path;
}

std::string reason_of(const Error& error) {
  if (error.details.empty()) return error.message;
  std::string text;
  for (const auto& detail : error.details) text.append(text.empty() ? "" : "; ").append(detail);
  return text;
}

void check(Checked& checked, const std::vector<Json>& entries, const std::string& kind,
           Definition (*read)(const Json&)) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto path = path_in(entries[i], kind, i);
    try {
      auto definition = read(entries[i]);
      checked.candidates.push_back({kind, std::move(path), std::move(definition)});
    } catch (const Failure& failure) {
      checked.problems.push_back({kind, std::move(path), reason_of(failure.error())});
    }
  }
}

// Schemas first, so that what refers to them finds them.
Checked check_all(const ModelEntries& entries) {
  Checked checked;
  check(checked, entries.schemas, "schema", [](const Json& entry) { return Definition(schema_from(entry)); });
  check(checked, entries.functions, "function",
        [](const Json& entry) { return Definition(api_function_from(entry)); });
  check(checked, entries.webhooks, "webhook",
        [](const Json& entry) { return Definition(webhook_from(entry)); });
  return checked;
}

void require_permissions(const identity::Identity& owner, const ModelEntries& entries) {
  const auto require = [&owner](Permission permission, const std::vector<Json>& part, std::string_view what) {
    if (part.empty() || owner.may(permission)) return;
    throw Failure(ErrorKind::forbidden, "the key may not train " + std::string(what) + " (permission " +
                                            std::string(word_of(permission)) + ")");
  };
  require(Permission::manage_schemas, entries.schemas, "schemas");
  require(Permission::manage_api_functions, entries.functions, "functions");
  require(Permission::manage_webhooks, entries.webhooks, "webhooks");
}

std::vector<spec::SchemaChange> differences(const Definition& before, const Definition& after) {
  if (const auto* function = std::get_if<spec::ApiFunction>(&after))
    return training::function_changes(std::get<spec::ApiFunction>(before), *function);
  // A schema may describe what functions take and what they give: what breaks one of both counts.
  if (const auto* schema = std::get_if<spec::SchemaDefinition>(&after)) {
    const auto& was = std::get<spec::SchemaDefinition>(before);
    const auto compared = [&](spec::Direction direction) {
      return spec::schema_changes(was.definition.parsed(), schema->definition.parsed(), direction, "value");
    };
    auto changes = compared(spec::Direction::given);
    const auto taken = compared(spec::Direction::taken);
    for (auto& change : changes) {
      const auto same = std::ranges::find(taken, change.what, &spec::SchemaChange::what);
      if (same != taken.end() && same->breaking) change.breaking = true;
    }
    if (changes.empty()) changes.push_back({"description or settings changed", false});
    return changes;
  }
  return {{"settings changed", false}};
}

std::vector<UsedBy> users_of(const catalog::Dependents& dependents, const Resource& resource) {
  std::vector<UsedBy> out;
  for (const auto& [user, through] : dependents.of(resource)) {
    UsedBy used{std::string(spec::human_name(user->kind())), user->path(), user->id.text(), std::nullopt};
    if (through) used.through = through->path();
    out.push_back(std::move(used));
  }
  return out;
}

class Comparison {
 public:
  Comparison(catalog::SnapshotPointer snapshot, identity::IdentityPointer owner)
      : snapshot_(std::move(snapshot)),
        dependents_(snapshot_, owner->environment.id),
        owner_(std::move(owner)) {}

  // What storing it would do; nothing when it would change nothing. Throws conflict when the path is taken.
  std::optional<TrainedEntry> compare(const Candidate& candidate) const {
    const auto standing = find(candidate);
    TrainedEntry entry{.kind = candidate.kind, .path = candidate.path, .details = {}, .used_by = {}};
    if (!standing) return entry;
    if (standing->definition.index() != candidate.definition.index()) {
      throw Failure(ErrorKind::conflict, "'" + candidate.path + "' is already the name of a " +
                                             std::string(spec::human_name(standing->kind())));
    }
    if (standing->definition == candidate.definition) return std::nullopt;
    entry.change = TrainingChange::changed;
    entry.id = standing->id.text();
    entry.details = differences(standing->definition, candidate.definition);
    entry.breaking = std::ranges::any_of(entry.details, &spec::SchemaChange::breaking);
    if (standing->kind() == spec::Kind::api_function) entry.used_by = users_of(dependents_, *standing);
    return entry;
  }

  // API functions in the contexts of these candidates that are none of them.
  std::vector<LeftOver> left_over(const std::vector<Candidate>& candidates) const {
    std::set<std::string> contexts, paths;
    for (const auto& candidate : candidates) {
      const auto* function = std::get_if<spec::ApiFunction>(&candidate.definition);
      if (!function) continue;
      contexts.insert(function->head.context);
      paths.insert(candidate.path);
    }
    std::vector<LeftOver> out;
    for (const auto& resource : snapshot_->list_own(owner_->environment.id, spec::Kind::api_function)) {
      if (contexts.contains(resource->head().context) && !paths.contains(resource->path()))
        out.push_back({resource->path(), resource->id.text(), users_of(dependents_, *resource)});
    }
    return out;
  }

 private:
  ResourcePointer find(const Candidate& candidate) const {
    return snapshot_->find_own(owner_->environment.id, name_space_of(candidate), candidate.path);
  }

  catalog::SnapshotPointer snapshot_;
  catalog::Dependents dependents_;
  identity::IdentityPointer owner_;
};

// What is going to change, and the definitions that change it, side by side.
struct Plan {
  TrainingOutcome outcome;
  std::vector<Draft> drafts;
};

Plan plan_for(const ModelEntries& entries, const Comparison& comparison) {
  auto checked = check_all(entries);
  Plan plan;
  plan.outcome.problems = std::move(checked.problems);
  // Of a model with wrong entries nobody knows what it has.
  if (plan.outcome.problems.empty()) plan.outcome.left_over = comparison.left_over(checked.candidates);
  std::set<std::pair<catalog::NameSpace, std::string>> seen;
  for (auto& candidate : checked.candidates) {
    try {
      if (!seen.emplace(name_space_of(candidate), candidate.path).second)
        throw Failure(ErrorKind::conflict, "the model has it twice");
      auto entry = comparison.compare(candidate);
      if (!entry) {
        ++plan.outcome.unchanged;
        continue;
      }
      plan.outcome.changes.push_back(std::move(*entry));
      Draft draft;
      draft.definition = std::move(candidate.definition);
      plan.drafts.push_back(std::move(draft));
    } catch (const Failure& failure) {
      plan.outcome.problems.push_back({candidate.kind, candidate.path, reason_of(failure.error())});
    }
  }
  return plan;
}

// Changes whose storing was refused are problems, the others have ids now.
void take_results(TrainingOutcome& outcome, const std::vector<Result<catalog::Change>>& results) {
  std::vector<TrainedEntry> stored;
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto& entry = outcome.changes[i];
    if (results[i]) {
      entry.id = (*results[i]).after->id.text();
      stored.push_back(std::move(entry));
    } else {
      outcome.problems.push_back({entry.kind, entry.path, reason_of(results[i].error())});
    }
  }
  outcome.changes = std::move(stored);
}

void count(TrainingOutcome& outcome) {
  for (const auto& entry : outcome.changes) {
    ++(entry.change == TrainingChange::added ? outcome.added : outcome.updated);
  }
  outcome.failed = static_cast<int>(outcome.problems.size());
}

}  // namespace

Task<TrainingOutcome> run_training(catalog::Catalog& catalog, BlockingPool& pool, Executor control,
                                   identity::IdentityPointer owner, ModelEntries entries, TrainingMode mode) {
  require_permissions(*owner, entries);
  const auto snapshot = catalog.here();
  const auto plan_here = [&] { return plan_for(entries, Comparison(snapshot, owner)); };
  auto planning = pool.run(plan_here);
  auto plan = co_await std::move(planning);
  plan.outcome.dry_run = mode == TrainingMode::dry_run;
  if (mode == TrainingMode::store) {
    auto storing = catalog.upsert_all(owner, std::move(plan.drafts));
    const auto results = co_await run_on(control, std::move(storing));
    take_results(plan.outcome, results);
  }
  count(plan.outcome);
  co_return std::move(plan.outcome);
}

}  // namespace poly::gateway
