// What exists: every change is durable before it is seen, and seen by every loop before it is acknowledged.
#pragma once

#include <functional>
#include <vector>

#include "base/published.hpp"
#include "catalog/revision_history.hpp"
#include "catalog/snapshot.hpp"
#include "identity/identity.hpp"
#include "store/store.hpp"

namespace poly::catalog {

inline constexpr std::size_t resources_max = 200'000;

// What became of a resource; `before` or `after` is null when there is none.
struct Change {
  ResourcePointer before;
  ResourcePointer after;
};

// A definition on its way in. `sealed_value` goes with a variable's definition.
struct Draft {
  Definition definition;
  std::optional<store::Blob> sealed_value;  // nothing keeps the one that is there
  std::optional<ResourceId> id;             // for a new resource whose id was needed beforehand
  // For upsert: makes the definition over what turns out to stand under its path, or null, at the last
  // moment. When both are the same, nothing is stored.
  std::function<Definition(const Definition* standing)> complete = {};
  DeployNote note = {};  // of a server function
};

// Changes are made on the control loop, one after the other; reading is free on every loop.
class Catalog final {
 public:
  Catalog(store::Store& store, LoopGroup& loops, const Clock& clock, IdSource& ids,
          std::size_t revisions_kept = revisions_kept_default);
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Reads everything from the store, before the loops take work.
  Task<void> load();

  // What the calling loop sees now.
  const SnapshotPointer& here() const { return published_.here(); }

  // A new resource. Throws conflict, naming what stands there, when the path is taken in its name space.
  Task<ResourcePointer> create(identity::IdentityPointer owner, Draft draft);
  // Replaces the resource of the same kind and path in place (the id stays) or makes a new one. Throws
  // conflict when the path is taken by another kind. A definition that stands there already is not stored
  // again: `before` and `after` are then the same.
  Task<Change> upsert(identity::IdentityPointer owner, Draft draft);
  // The same for several, which become durable and are seen together. What cannot be stored is refused by
  // itself, in its place of the results, and the rest goes on.
  Task<std::vector<Result<Change>>> upsert_all(identity::IdentityPointer owner, std::vector<Draft> drafts);
  // Replaces `current`, whose path may change. Throws conflict as above, or when somebody else changed it
  // since.
  Task<ResourcePointer> replace(ResourcePointer current, Draft draft);
  Task<void> remove(ResourcePointer current);

  // `listener` is told of each change, on the control loop, after it is published.
  void on_change(std::function<void(const Change&)> listener) { listeners_.push_back(std::move(listener)); }

 private:
  // A change in the making: the state after it, and what is to be written.
  struct Stage {
    SnapshotPointer next;
    std::vector<store::Statement> batch;
    std::vector<Change> changes;
  };

  Task<ResourcePointer> put(ResourcePointer before, Resource after, Draft rest);
  Change stage_upsert(Stage& stage, const identity::Identity& owner, Draft draft);
  ResourcePointer stage_put(Stage& stage, ResourcePointer before, Resource after, Draft rest);
  Resource new_resource(const identity::Identity& owner, const Snapshot& snapshot, Draft& draft);
  Task<void> commit(Stage stage);
  Task<SnapshotPointer> read_all();
  Task<void> recover();

  store::Store& store_;
  const Clock& clock_;
  IdSource& ids_;
  const std::size_t revisions_kept_;
  // The newest state, some of it perhaps not on the disk yet; changes are checked against it.
  SnapshotPointer working_;
  bool recovering_ = false;
  Published<Snapshot> published_;
  std::vector<std::function<void(const Change&)>> listeners_;
};

}  // namespace poly::catalog
