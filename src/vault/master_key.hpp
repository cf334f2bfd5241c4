// The master key: given by the operator, or kept in a file of the data folder.
#pragma once

#include "base/error.hpp"
#include "vault/key.hpp"
#include "vault/vault.hpp"

namespace poly::vault {

enum class WhenMissing {
  make,
  refuse,  // the database was made with a key: another one would only hide that it is lost
};

// The error names the source and what to do.
Result<Key> master_key(const MasterKeySource& source, WhenMissing when_missing);

}  // namespace poly::vault
