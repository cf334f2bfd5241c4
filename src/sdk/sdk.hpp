// Front door of the room: the specs of a catalog in, the source text of an SDK out. Pure: nothing is
// read or written here, so the same specs and options always make the same files.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace poly::sdk {

// `path` is relative to the `node_modules` of a project, with forward slashes.
struct GeneratedFile {
  std::string path;
  std::string content;
  bool operator==(const GeneratedFile&) const = default;
};

struct TypeScriptOptions {
  std::string base_url;   // where calls go when POLY_API_BASE_URL is not set
  std::string client_id;  // sent as ?clientId= with every execution; none when empty
  bool no_types = false;  // every type is `any`: smaller files, no checks
  std::string package_version = "0.0.0";
};

// The npm packages `openpoly` and its alias `polyapi`, for the array that GET /specs answers (wire.md
// section 3). Entries of a type that this SDK does not serve are left out. An entry without an id or a
// name is a bad_request that says which one. Whoever writes the files removes the folders of an earlier
// generation first.
Result<std::vector<GeneratedFile>> generate_typescript(const Json& specs, const TypeScriptOptions& options);

}  // namespace poly::sdk
