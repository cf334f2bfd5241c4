// A whole model goes live: every schema, function and webhook of it is checked, compared with what is there
// and stored, all in one request and one durable write.
#pragma once

#include "base/loop.hpp"
#include "catalog/catalog.hpp"
#include "gateway/route.hpp"
#include "spec/schema_changes.hpp"

namespace poly::gateway {

// Who would notice that a function changes.
struct UsedBy {
  std::string kind;  // "server function", "trigger" …
  std::string path;
  std::string id;
  std::optional<std::string> through;  // the path of the code between them

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("kind", self.kind);
    field.required("path", self.path);
    field.required("id", self.id);
    field.optional("through", self.through);
  }
  bool operator==(const UsedBy&) const = default;
};

enum class TrainingChange { added, changed };

struct TrainedEntry {
  std::string kind;
  std::string path;
  std::optional<std::string> id;  // absent when it would be added
  TrainingChange change = TrainingChange::added;
  bool breaking = false;
  std::vector<spec::SchemaChange> details;
  std::vector<UsedBy> used_by;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("kind", self.kind);
    field.required("path", self.path);
    field.optional("id", self.id);
    field.required("change", self.change);
    field.optional("breaking", self.breaking);
    field.optional("details", self.details);
    field.optional("usedBy", self.used_by);
  }
  bool operator==(const TrainedEntry&) const = default;
};

// A function of the catalog that stands in a context of the model, but not in the model: perhaps the other
// system has it no longer.
struct LeftOver {
  std::string path;
  std::string id;
  std::vector<UsedBy> used_by;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("path", self.path);
    field.required("id", self.id);
    field.optional("usedBy", self.used_by);
  }
  bool operator==(const LeftOver&) const = default;
};

// What cannot be stored, as it was or at all.
struct TrainingProblem {
  std::string kind;
  std::string path;  // or its place in the model when it has none
  std::string message;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("kind", self.kind);
    field.required("path", self.path);
    field.required("message", self.message);
  }
  bool operator==(const TrainingProblem&) const = default;
};

struct TrainingOutcome {
  bool dry_run = false;
  int added = 0;
  int updated = 0;
  int unchanged = 0;
  int failed = 0;
  std::vector<TrainedEntry> changes;  // of what was added or updated
  std::vector<TrainingProblem> problems;
  std::vector<LeftOver> left_over;  // nothing happens to them

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("dryRun", self.dry_run);
    field.required("added", self.added);
    field.required("updated", self.updated);
    field.required("unchanged", self.unchanged);
    field.required("failed", self.failed);
    field.required("changes", self.changes);
    field.required("problems", self.problems);
    field.required("leftOver", self.left_over);
  }
  bool operator==(const TrainingOutcome&) const = default;
};

// The parts of a model, as they came: wrong entries are named one by one.
struct ModelEntries {
  std::vector<Json> schemas;
  std::vector<Json> functions;
  std::vector<Json> webhooks;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("schemas", self.schemas);
    field.optional("functions", self.functions);
    field.optional("webhooks", self.webhooks);
  }
};

enum class TrainingMode { store, dry_run };

// Throws forbidden when the caller lacks the permission for a part that is not empty. Checking and comparing
// is done on `pool`, storing on `control`.
Task<TrainingOutcome> run_training(catalog::Catalog& catalog, BlockingPool& pool, Executor control,
                                   identity::IdentityPointer owner, ModelEntries entries, TrainingMode mode);

}  // namespace poly::gateway

template <>
inline constexpr auto poly::enum_words<poly::gateway::TrainingChange> =
    std::to_array<poly::EnumWord<poly::gateway::TrainingChange>>({
        {poly::gateway::TrainingChange::added, "added"},
        {poly::gateway::TrainingChange::changed, "changed"},
    });
