#include "sdk/sdk.hpp"

#include <algorithm>

#include "sdk/declarations.hpp"
#include "sdk/entry.hpp"
#include "sdk/package_files.hpp"

namespace poly::sdk {

Result<std::vector<GeneratedFile>> generate_typescript(const Json& specs, const TypeScriptOptions& options) {
  const auto entries = read_entries(specs);
  if (!entries) return std::unexpected(entries.error());
  const auto detail = options.no_types ? TypeWriter::Detail::none : TypeWriter::Detail::full;
  const auto schemas = schema_type_names(*entries);

  auto files = package_files(options);
  std::ranges::move(catalog_files(*entries), std::back_inserter(files));
  std::ranges::move(poly_declarations(*entries, schemas, detail), std::back_inserter(files));
  files.push_back(schemas_declaration(*entries, schemas, detail));
  files.push_back(vari_declaration(*entries, schemas, detail));
  files.push_back(specs_file(specs));
  std::ranges::sort(files, {}, &GeneratedFile::path);
  return files;
}

}  // namespace poly::sdk
