#include "catalog/variable_change.hpp"

#include "spec/property_type_of.hpp"

namespace poly::catalog {

Draft with_value(spec::Variable variable, ResourceId id, EnvironmentId environment, const Json& value,
                 const vault::Vault& vault) {
  variable.value_type = spec::property_type_of(value);
  Draft draft;
  draft.sealed_value = value_or_throw(vault.seal(environment, id, to_text(value)));
  draft.definition = std::move(variable);
  draft.id = id;
  return draft;
}

Task<ResourcePointer> change_value(Catalog& catalog, const vault::Vault& vault, ResourcePointer variable,
                                   Json value) {
  // The newest state: whoever set another field of it meanwhile keeps that.
  auto newest = catalog.here()->find(variable->id);
  if (!newest) throw Failure(ErrorKind::not_found, "the variable was deleted meanwhile");
  auto draft = with_value(newest->as<spec::Variable>(), newest->id, newest->environment, value, vault);
  auto replacing = catalog.replace(std::move(newest), std::move(draft));
  co_return co_await std::move(replacing);
}

}  // namespace poly::catalog
