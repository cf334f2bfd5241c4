// All resources at one moment. Immutable: what a request holds does not change under it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/resource.hpp"
#include "catalog/sharded_map.hpp"

namespace poly::catalog {

// From where somebody looks: their environment, and through its tenant what is visible beyond it.
struct Viewpoint {
  TenantId tenant;
  EnvironmentId environment;
};

class Snapshot final {
 public:
  ResourcePointer find(ResourceId id) const;

  // By dotted path. What stands in the environment itself hides what others of the tenant, or everybody,
  // publish under the same path.
  ResourcePointer find(const Viewpoint& from, NameSpace name_space, std::string_view path) const;
  // In the environment itself only.
  ResourcePointer find_own(EnvironmentId environment, NameSpace name_space, std::string_view path) const;

  // Slugs are addresses of the whole server, whatever the environment.
  ResourcePointer find_webhook_by_slug(std::string_view slug) const;

  bool visible(const Viewpoint& from, const Resource& resource) const;

  // Sorted by path; `kind` nothing means all kinds.
  std::vector<ResourcePointer> list(const Viewpoint& from, std::optional<spec::Kind> kind) const;
  // Only those of the environment itself.
  std::vector<ResourcePointer> list_own(EnvironmentId environment, spec::Kind kind) const;

  template <class Visit>
  void for_each(Visit visit) const {
    by_id_.for_each([&](const ResourceId&, const ResourcePointer& resource) { visit(resource); });
  }

  std::size_t size() const { return by_id_.size(); }
  std::uint64_t version() const { return version_; }

  std::shared_ptr<const Snapshot> with(ResourcePointer resource) const;
  std::shared_ptr<const Snapshot> without(const Resource& resource) const;

 private:
  using Paths = ShardedMap<std::string, ResourcePointer>;

  Paths with_path(const Resource& resource, ResourcePointer value) const;
  Paths without_path(const Resource& resource) const;

  ShardedMap<ResourceId, ResourcePointer> by_id_;
  Paths by_path_;
  ShardedMap<std::string, ResourcePointer> webhook_by_slug_;
  std::uint64_t version_ = 0;
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

}  // namespace poly::catalog
