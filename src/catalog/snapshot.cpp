#include "catalog/snapshot.hpp"

#include <tuple>

namespace poly::catalog {
namespace {

// The bytes of whoever may look (an environment, a tenant, or nil for everybody), the name space, the path.
std::string path_key(const Uuid& scope, NameSpace name_space, std::string_view path) {
  std::string key;
  key.reserve(scope.bytes.size() + 1 + path.size());
  key.append(reinterpret_cast<const char*>(scope.bytes.data()), scope.bytes.size());
  key.push_back(static_cast<char>('0' + static_cast<int>(name_space)));
  key.append(path);
  return key;
}

constexpr Uuid everybody{};

// The wider scope that a resource is published to, beyond its environment.
std::optional<Uuid> wider_scope(const Resource& resource) {
  switch (resource.head().visibility) {
    case spec::Visibility::environment:
      return std::nullopt;
    case spec::Visibility::tenant:
      return resource.tenant.uuid;
    case spec::Visibility::public_:
      return everybody;
  }
  return std::nullopt;
}

const std::optional<std::string>& slug_of(const Resource& resource) {
  static const std::optional<std::string> none;
  const auto* webhook = resource.if_is<spec::Webhook>();
  return webhook ? webhook->slug : none;
}

void sort_by_path(std::vector<ResourcePointer>& resources) {
  std::ranges::sort(resources, {}, [](const ResourcePointer& resource) {
    return std::tuple<const std::string&, spec::Kind, ResourceId>(resource->path(), resource->kind(),
                                                                  resource->id);
  });
}

}  // namespace

ResourcePointer Snapshot::find(ResourceId id) const {
  const auto* found = by_id_.find(id);
  return found ? *found : nullptr;
}

ResourcePointer Snapshot::find_own(EnvironmentId environment, NameSpace name_space,
                                   std::string_view path) const {
  const auto* found = by_path_.find(path_key(environment.uuid, name_space, path));
  return found ? *found : nullptr;
}

ResourcePointer Snapshot::find(const Viewpoint& from, NameSpace name_space, std::string_view path) const {
  for (const auto& scope : {from.environment.uuid, from.tenant.uuid, everybody}) {
    if (const auto* found = by_path_.find(path_key(scope, name_space, path))) return *found;
  }
  return nullptr;
}

ResourcePointer Snapshot::find_webhook_by_slug(std::string_view slug) const {
  const auto* found = webhook_by_slug_.find(std::string(slug));
  return found ? *found : nullptr;
}

bool Snapshot::visible(const Viewpoint& from, const Resource& resource) const {
  if (resource.environment == from.environment) return true;
  switch (resource.head().visibility) {
    case spec::Visibility::environment:
      return false;
    case spec::Visibility::tenant:
      return resource.tenant == from.tenant;
    case spec::Visibility::public_:
      return true;
  }
  return false;
}

std::vector<ResourcePointer> Snapshot::list(const Viewpoint& from, std::optional<spec::Kind> kind) const {
  std::vector<ResourcePointer> found;
  for_each([&](const ResourcePointer& resource) {
    if (kind && resource->kind() != *kind) return;
    if (!visible(from, *resource)) return;
    const bool hidden = resource->environment != from.environment &&
                        find(from, name_space_of(resource->kind()), resource->path()) != resource;
    if (!hidden) found.push_back(resource);
  });
  sort_by_path(found);
  return found;
}

std::vector<ResourcePointer> Snapshot::list_own(EnvironmentId environment, spec::Kind kind) const {
  std::vector<ResourcePointer> found;
  for_each([&](const ResourcePointer& resource) {
    if (resource->environment == environment && resource->kind() == kind) found.push_back(resource);
  });
  sort_by_path(found);
  return found;
}

Snapshot::Paths Snapshot::with_path(const Resource& resource, ResourcePointer value) const {
  const auto name_space = name_space_of(resource.kind());
  const auto& path = resource.path();
  auto paths = by_path_.with(path_key(resource.environment.uuid, name_space, path), value);
  if (const auto scope = wider_scope(resource)) {
    paths = paths.with(path_key(*scope, name_space, path), std::move(value));
  }
  return paths;
}

Snapshot::Paths Snapshot::without_path(const Resource& resource) const {
  const auto name_space = name_space_of(resource.kind());
  const auto& path = resource.path();
  auto paths = by_path_.without(path_key(resource.environment.uuid, name_space, path));
  if (const auto scope = wider_scope(resource)) {
    const auto key = path_key(*scope, name_space, path);
    const auto* published = paths.find(key);
    if (published && (*published)->id == resource.id) paths = paths.without(key);
  }
  return paths;
}

SnapshotPointer Snapshot::with(ResourcePointer resource) const {
  auto next = std::make_shared<Snapshot>(*this);
  if (const auto before = find(resource->id)) {
    next->by_path_ = next->without_path(*before);
    if (const auto& slug = slug_of(*before)) next->webhook_by_slug_ = next->webhook_by_slug_.without(*slug);
  }
  if (const auto& slug = slug_of(*resource)) next->webhook_by_slug_ = next->webhook_by_slug_.with(*slug, resource);
  next->by_path_ = next->with_path(*resource, resource);
  next->by_id_ = next->by_id_.with(resource->id, resource);
  next->version_ = std::max(version_ + 1, resource->version);
  return next;
}

SnapshotPointer Snapshot::without(const Resource& resource) const {
  auto next = std::make_shared<Snapshot>(*this);
  next->by_path_ = next->without_path(resource);
  if (const auto& slug = slug_of(resource)) next->webhook_by_slug_ = next->webhook_by_slug_.without(*slug);
  next->by_id_ = next->by_id_.without(resource.id);
  next->version_ = version_ + 1;
  return next;
}

}  // namespace poly::catalog
