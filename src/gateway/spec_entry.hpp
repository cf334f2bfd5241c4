// Entries of GET /specs, by which SDKs are generated (wire.md section 3).
#pragma once

#include <string>

#include "catalog/snapshot.hpp"
#include "vault/vault.hpp"

namespace poly::gateway {

enum class SpecTypes { with, without };

// Appends one entry as JSON text. Triggers and jobs have none: returns false.
bool append_spec_entry(std::string& out, const catalog::Resource& resource, const catalog::Viewpoint& from,
                       SpecTypes types, const vault::Vault& vault);

}  // namespace poly::gateway
