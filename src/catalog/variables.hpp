// Variables by reference: values are opened only on the way into a call (wire.md section 4.5).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "catalog/snapshot.hpp"
#include "vault/vault.hpp"

namespace poly::catalog {

inline constexpr std::size_t subpath_steps_max = 20;

// The value of a variable as JSON.
Json open_variable(const vault::Vault& vault, const Resource& variable);

// A variable by id or dotted path, as seen from `from`. Throws not_found naming what was asked for.
ResourcePointer find_variable(const Snapshot& snapshot, const Viewpoint& from, std::string_view id_or_path);

// The part of `value` that `subpath` names, such as `a.b[0].c`; all of it for "". Throws bad_request naming
// the step that is not there.
Json part_of(const Json& value, std::string_view subpath);

// Replaces every `{"type":"PolyVariable",…}` in `value`, however deep, by what it refers to. The reference is
// an `id` with `path`, or a `pathIdentifier` with `path` or `subpath`.
void inject_variables(Json& value, const Snapshot& snapshot, const Viewpoint& from,
                      const vault::Vault& vault);

// Whether a text can hold a reference at all: a cheap look that saves the walk.
bool mentions_variable(std::string_view text);

}  // namespace poly::catalog
