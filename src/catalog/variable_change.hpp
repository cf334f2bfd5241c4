// Giving variables their values: sealed on the way in, their type read from the value.
#pragma once

#include "catalog/catalog.hpp"
#include "vault/vault.hpp"

namespace poly::catalog {

// A draft of `variable` that holds `value`. `id` is the variable's id, which the seal is bound to.
Draft with_value(spec::Variable variable, ResourceId id, EnvironmentId environment, const Json& value,
                 const vault::Vault& vault);

// Replaces the value only; nothing that uses the variable is deployed again. Control loop.
Task<ResourcePointer> change_value(Catalog& catalog, const vault::Vault& vault, ResourcePointer variable,
                                   Json value);

}  // namespace poly::catalog
