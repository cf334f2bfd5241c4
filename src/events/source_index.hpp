// Which enabled triggers listen to what, read from one snapshot of the catalog. Each loop has its own and
// makes it anew when the snapshot changes, so that a request finds its triggers without a lock and without a
// walk.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "catalog/snapshot.hpp"
#include "spec/json_schema.hpp"

namespace poly::events {

class SourceIndex final {
 public:
  explicit SourceIndex(catalog::SnapshotPointer snapshot);
  SourceIndex(const SourceIndex&) = delete;
  SourceIndex& operator=(const SourceIndex&) = delete;

  const catalog::SnapshotPointer& snapshot() const { return snapshot_; }

  // By name; those of the webhook's own environment.
  const std::vector<catalog::ResourcePointer>& of_webhook(const catalog::Resource& webhook) const;
  const std::vector<catalog::ResourcePointer>& error_handlers(EnvironmentId environment) const;

  // The schema that its owner gave for the payload, compiled once; null when there is none, or none that can
  // be compiled (which is logged).
  const spec::CompiledSchema* payload_schema(const catalog::Resource& webhook);

 private:
  using Triggers = std::vector<catalog::ResourcePointer>;

  catalog::SnapshotPointer snapshot_;
  std::unordered_map<ResourceId, Triggers> by_webhook_;
  std::unordered_map<EnvironmentId, Triggers> error_handlers_;
  std::unordered_map<ResourceId, std::optional<spec::CompiledSchema>> schemas_;
};

}  // namespace poly::events
