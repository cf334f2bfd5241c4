// Schemas of OpenAPI 3.0 and 3.1 rewritten as JSON Schema 2020-12.
//
// Nothing is inlined: every `$ref` becomes an `x-poly-ref` whose path the caller gives, so that a document
// of thousands of schemas stays as small as it was written, and cycles need no care.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace poly::training {

enum class SchemaDialect { open_api_3_0, open_api_3_1 };

// Catalog path of the schema that a `$ref` names; throws Failure when there is none.
using ReferencePath = std::function<std::string(std::string_view reference)>;

// `nullable` becomes a type of null, boolean exclusive limits become numbers. Examples, extensions and
// what describes XML are left out. Throws Failure for what is no schema.
Json translate_schema(const Json& schema, SchemaDialect dialect, const ReferencePath& path_of);

}  // namespace poly::training
