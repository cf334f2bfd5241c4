#include "catalog/catalog.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"

namespace poly::catalog {
namespace {

using store::Row;
using store::Statement;
using store::statement;

std::string_view stored_name_space(NameSpace name_space) {
  switch (name_space) {
    case NameSpace::poly:
      return "poly";
    case NameSpace::trigger:
      return "trigger";
    case NameSpace::job:
      return "job";
    case NameSpace::vari:
      return "vari";
    case NameSpace::schemas:
      return "schemas";
    case NameSpace::snippets:
      return "snippets";
  }
  return "poly";
}

Statement save(const Resource& resource) {
  return statement(
      "INSERT INTO resources (id, environment_id, kind, name_space, context, name, detail, created_at, "
      "updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET context = "
      "excluded.context, "
      "name = excluded.name, detail = excluded.detail, updated_at = excluded.updated_at",
      resource.id, resource.environment, word_of(resource.kind()),
      stored_name_space(name_space_of(resource.kind())), resource.head().context, resource.head().name,
      detail_text(resource.definition), resource.created_at, resource.updated_at);
}

Statement save_value(const Resource& resource) {
  return statement(
      "INSERT INTO variable_values (variable_id, sealed, updated_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (variable_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at",
      resource.id, store::Value(resource.sealed_value), resource.updated_at);
}

ResourcePointer resource_of(const Row& row, std::uint64_t version) {
  const auto kind = enum_of<spec::Kind>(row.text(3));
  if (!kind)
    throw Failure(ErrorKind::internal, "the store has a resource of the unknown kind " + row.text(3));
  const auto detail = value_or_throw(parse_json(row.text(4), "resources.detail"));
  auto resource = make_resource(row.id<ResourceId>(0), row.id<TenantId>(1), row.id<EnvironmentId>(2),
                                value_or_throw(definition_of(*kind, detail)));
  resource.version = version;
  resource.created_at = row.time(5);
  resource.updated_at = row.time(6);
  if (!row.is_null(7)) resource.sealed_value = row.blob(7);
  return std::make_shared<const Resource>(std::move(resource));
}

// Throws conflict, naming what stands there, when its path or slug is taken by something else.
void require_free(const Snapshot& snapshot, const Resource& resource) {
  const auto space = name_space_of(resource.kind());
  const auto taken = snapshot.find_own(resource.environment, space, resource.path());
  if (taken && taken->id != resource.id) {
    throw Failure(ErrorKind::conflict, "'" + resource.path() + "' is already the name of " +
                                           (taken->kind() == resource.kind() ? "another " : "a ") +
                                           std::string(spec::human_name(taken->kind())) + " (id " +
                                           taken->id.text() + ") in this environment");
  }
  const auto* webhook = resource.if_is<spec::Webhook>();
  if (!webhook || !webhook->slug) return;
  const auto same_slug = snapshot.find_webhook_by_slug(*webhook->slug);
  if (same_slug && same_slug->id != resource.id) {
    throw Failure(ErrorKind::conflict, "$.slug: '" + *webhook->slug + "' is the address of another webhook");
  }
}

Resource replacement_of(const Resource& current, Definition definition) {
  auto resource = make_resource(current.id, current.tenant, current.environment, std::move(definition));
  resource.created_at = current.created_at;
  resource.sealed_value = current.sealed_value;
  return resource;
}

}  // namespace

Catalog::Catalog(store::Store& store, LoopGroup& loops, const Clock& clock, IdSource& ids,
                 std::size_t revisions_kept)
    : store_(store),
      clock_(clock),
      ids_(ids),
      revisions_kept_(revisions_kept),
      working_(std::make_shared<Snapshot>()),
      published_(loops, working_) {}

Task<void> Catalog::load() {
  working_ = co_await read_all();
  published_.set_initial(working_);
}

Task<SnapshotPointer> Catalog::read_all() {
  auto query = statement(
      "SELECT r.id, e.tenant_id, r.environment_id, r.kind, r.detail, r.created_at, r.updated_at, v.sealed "
      "FROM resources r JOIN environments e ON e.id = r.environment_id "
      "LEFT JOIN variable_values v ON v.variable_id = r.id");
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  // Newer than all that was seen before, so that nothing made from an older state is taken for current.
  const auto version = working_->version() + 1;
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  for (const auto row : rows) snapshot = snapshot->with(resource_of(row, version));
  co_return snapshot;
}

// After a failed write, later states may stand on one that is not stored: what the disk has is the truth
// again.
Task<void> Catalog::recover() {
  recovering_ = true;
  auto flushing = store_.flush();
  co_await std::move(flushing);
  working_ = co_await read_all();
  auto publishing = published_.publish(working_);
  co_await std::move(publishing);
  recovering_ = false;
}

Task<ResourcePointer> Catalog::create(identity::IdentityPointer owner, Draft draft) {
  auto resource = new_resource(*owner, *working_, draft);
  auto putting = put(nullptr, std::move(resource), std::move(draft));
  co_return co_await std::move(putting);
}

Task<Change> Catalog::upsert(identity::IdentityPointer owner, Draft draft) {
  Stage stage{working_, {}, {}};
  const auto change = stage_upsert(stage, *owner, std::move(draft));
  auto committing = commit(std::move(stage));
  co_await std::move(committing);
  co_return change;
}

Task<std::vector<Result<Change>>> Catalog::upsert_all(identity::IdentityPointer owner,
                                                      std::vector<Draft> drafts) {
  Stage stage{working_, {}, {}};
  std::vector<Result<Change>> results;
  for (auto& draft : drafts) {
    try {
      results.emplace_back(stage_upsert(stage, *owner, std::move(draft)));
    } catch (const Failure& failure) {
      results.push_back(std::unexpected(failure.error()));
    }
  }
  auto committing = commit(std::move(stage));
  co_await std::move(committing);
  co_return results;
}

Task<ResourcePointer> Catalog::replace(ResourcePointer current, Draft draft) {
  const auto newest = working_->find(current->id);
  if (!newest) throw Failure(ErrorKind::not_found, "it was deleted meanwhile");
  if (newest->version != current->version) {
    throw Failure(ErrorKind::conflict, "it was changed by somebody else meanwhile; read it again and repeat");
  }
  auto resource = replacement_of(*current, std::move(draft.definition));
  auto putting = put(current, std::move(resource), std::move(draft));
  co_return co_await std::move(putting);
}

Task<ResourcePointer> Catalog::put(ResourcePointer before, Resource after, Draft rest) {
  Stage stage{working_, {}, {}};
  const auto resource = stage_put(stage, std::move(before), std::move(after), std::move(rest));
  auto committing = commit(std::move(stage));
  co_await std::move(committing);
  co_return resource;
}

Resource Catalog::new_resource(const identity::Identity& owner, const Snapshot& snapshot, Draft& draft) {
  if (snapshot.size() >= resources_max) {
    throw Failure(ErrorKind::too_many_requests,
                  "the catalog holds 200,000 resources already; delete some first");
  }
  auto resource = make_resource(draft.id ? *draft.id : ids_.make<ResourceId>(), owner.tenant.id,
                                owner.environment.id, std::move(draft.definition));
  resource.created_at = clock_.now();
  return resource;
}

Change Catalog::stage_upsert(Stage& stage, const identity::Identity& owner, Draft draft) {
  const auto probe = make_resource({}, owner.tenant.id, owner.environment.id, draft.definition);
  const auto standing = stage.next->find_own(owner.environment.id, name_space_of(probe.kind()), probe.path());
  const bool replaces = standing && standing->kind() == probe.kind();
  if (draft.complete) draft.definition = draft.complete(replaces ? &standing->definition : nullptr);
  if (replaces && !draft.sealed_value && draft.definition == standing->definition)
    return {standing, standing};
  auto after = replaces ? replacement_of(*standing, std::move(draft.definition))
                        : new_resource(owner, *stage.next, draft);
  const auto before = replaces ? standing : nullptr;
  return {before, stage_put(stage, before, std::move(after), std::move(draft))};
}

ResourcePointer Catalog::stage_put(Stage& stage, ResourcePointer before, Resource after, Draft rest) {
  require_free(*stage.next, after);
  after.updated_at = clock_.now();
  after.version = stage.next->version() + 1;
  const bool value_changes = rest.sealed_value.has_value();
  if (value_changes) after.sealed_value = std::move(*rest.sealed_value);
  const auto resource = std::make_shared<const Resource>(std::move(after));
  stage.batch.push_back(save(*resource));
  if (value_changes) stage.batch.push_back(save_value(*resource));
  if (resource->kind() == spec::Kind::server_function) {
    append_history(stage.batch, before.get(), *resource, rest.note, revisions_kept_);
  }
  stage.next = stage.next->with(resource);
  stage.changes.push_back({std::move(before), resource});
  return resource;
}

Task<void> Catalog::remove(ResourcePointer current) {
  const auto newest = working_->find(current->id);
  if (!newest) co_return;
  Stage stage{working_->without(*newest), {}, {{newest, nullptr}}};
  stage.batch.push_back(statement("DELETE FROM resources WHERE id = $1", current->id));
  auto committing = commit(std::move(stage));
  co_await std::move(committing);
}

// The store keeps the order of batches, so that states become durable in the order in which they were made.
Task<void> Catalog::commit(Stage stage) {
  if (stage.changes.empty()) co_return;
  if (recovering_)
    throw Failure(ErrorKind::unavailable, "the catalog is being read again after a failed write");
  working_ = stage.next;
  auto writing = attempt(store_.write(std::move(stage.batch)));
  auto written = co_await std::move(writing);
  if (!written) {
    log(LogLevel::error, "a catalog change was not stored", {{"error", written.error().message}});
    if (!recovering_) {
      auto recovery = recover();
      co_await std::move(recovery);
    }
    throw Failure(std::move(written).error());
  }
  if (published_.here()->version() < stage.next->version()) {
    auto publishing = published_.publish(std::move(stage.next));
    co_await std::move(publishing);
  }
  for (const auto& change : stage.changes) {
    for (const auto& listener : listeners_) listener(change);
  }
}

}  // namespace poly::catalog
