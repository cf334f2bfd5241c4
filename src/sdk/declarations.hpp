// The declaration files that depend on the catalog: `poly/*.d.ts`, `vari.d.ts`, `schemas.d.ts`.
#pragma once

#include <vector>

#include "sdk/entry.hpp"
#include "sdk/function_type.hpp"
#include "sdk/sdk.hpp"

namespace poly::sdk {

// Which type each schema of the catalog gets; the same for every file.
SchemaTypeNames schema_type_names(const std::vector<Entry>& entries);

// `schemas.d.ts`: a namespace for each context, a type for each schema.
GeneratedFile schemas_declaration(const std::vector<Entry>& entries, const SchemaTypeNames& schemas,
                                  TypeWriter::Detail detail);

// `poly/index.d.ts` and one file for each top-level context, so that an editor reads what it needs.
std::vector<GeneratedFile> poly_declarations(const std::vector<Entry>& entries,
                                             const SchemaTypeNames& schemas, TypeWriter::Detail detail);

GeneratedFile vari_declaration(const std::vector<Entry>& entries, const SchemaTypeNames& schemas,
                               TypeWriter::Detail detail);

inline constexpr std::string_view generated_notice = "// Made by `poly generate`: changes here are lost.\n";

}  // namespace poly::sdk
