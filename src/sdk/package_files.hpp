// The files of the generated packages that no compiler checks: manifests, the table that calls are made
// from, client functions, and the cache of the specs.
#pragma once

#include <vector>

#include "sdk/entry.hpp"
#include "sdk/sdk.hpp"

namespace poly::sdk {

// `package.json` and what is the same for everyone, of both packages.
std::vector<GeneratedFile> package_files(const TypeScriptOptions& options);

// `catalog.json` and the files of `client/` that it names.
std::vector<GeneratedFile> catalog_files(const std::vector<Entry>& entries);

// `specs.json`: the specs as they came, without the values of variables, which do not belong on disk.
GeneratedFile specs_file(const Json& specs);

}  // namespace poly::sdk
