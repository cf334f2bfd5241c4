#include "catalog/dependents.hpp"

#include <set>

namespace poly::catalog {
namespace {

const std::vector<ResourcePointer> nobody;

template <class Map, class Key>
const std::vector<ResourcePointer>& users_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nobody : found->second;
}

}  // namespace

Dependents::Dependents(SnapshotPointer snapshot, EnvironmentId environment) {
  const auto add_code = [this](const ResourcePointer& resource, const spec::Code& code) {
    const std::set<std::string> paths(code.references.poly.begin(), code.references.poly.end());
    for (const auto& path : paths) by_path_[path].push_back(resource);
  };
  for (const auto& resource : snapshot->list_own(environment, spec::Kind::server_function))
    add_code(resource, spec::code_of(resource->as<spec::ServerFunction>()));
  for (const auto& resource : snapshot->list_own(environment, spec::Kind::client_function))
    add_code(resource, spec::code_of(resource->as<spec::ClientFunction>()));
  for (const auto& resource : snapshot->list_own(environment, spec::Kind::trigger))
    by_id_[resource->as<spec::Trigger>().destination.server_function].push_back(resource);
  for (const auto& resource : snapshot->list_own(environment, spec::Kind::job)) {
    for (const auto& function : resource->as<spec::Job>().functions) by_id_[function.id].push_back(resource);
  }
}

std::vector<Dependent> Dependents::of(const Resource& function) const {
  std::vector<Dependent> found;
  std::set<ResourceId> seen{function.id};
  const auto add = [&](const std::vector<ResourcePointer>& users, const ResourcePointer& through) {
    for (const auto& user : users) {
      if (seen.insert(user->id).second) found.push_back({user, through});
    }
  };
  add(users_in(by_path_, function.path()), nullptr);
  add(users_in(by_id_, function.id), nullptr);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto user = found[i].resource;
    if (user->kind() == spec::Kind::trigger || user->kind() == spec::Kind::job) continue;
    add(users_in(by_path_, user->path()), user);
    add(users_in(by_id_, user->id), user);
  }
  return found;
}

}  // namespace poly::catalog
