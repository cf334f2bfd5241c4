// What a worker loads for a server function: its code and the client functions that it uses, and theirs.
#pragma once

#include <string>

#include "catalog/snapshot.hpp"

namespace poly::runtime {

struct Bundle {
  std::string fingerprint;  // differs whenever any part of the bundle was changed
  std::string header;       // of the `load` frame
  std::string code;
};

// `revision` is one of the server function `function`.
Bundle bundle_of(const catalog::Resource& function, const spec::Revision& revision,
                 const catalog::Snapshot& snapshot);
// Only the fingerprint: cheap enough to ask after every change of the catalog.
std::string fingerprint_of(const catalog::Resource& function, const spec::Revision& revision,
                           const catalog::Snapshot& snapshot);

}  // namespace poly::runtime
