// What a worker loads for a server function: its code and the client functions that it uses, and theirs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "catalog/snapshot.hpp"
#include "runtime/program.hpp"

namespace poly::runtime {

// The value of a catalog variable.
using OpenVariable = std::function<Json(const catalog::Resource& variable)>;

struct Bundle {
  std::string fingerprint;  // differs whenever any part of the bundle was changed
  std::string header;       // of the `load` frame
  std::string code;
  std::optional<Program> program;  // instead of `code`, in languages that run as one
};

// `revision` is one of the server function `function`; `layers` is the folder in which packages are
// installed, each set under its hash. Throws Failure when a variable of its environment is not there.
Bundle bundle_of(const catalog::Resource& function, const spec::Revision& revision,
                 const catalog::Snapshot& snapshot, const OpenVariable& open_variable,
                 const std::filesystem::path& layers);
// Only the fingerprint: cheap enough to ask after every change of the catalog.
std::string fingerprint_of(const catalog::Resource& function, const spec::Revision& revision,
                           const catalog::Snapshot& snapshot);

}  // namespace poly::runtime
