// `vari.d.ts`: the tree of variables.
#include "sdk/declarations.hpp"
#include "sdk/path_tree.hpp"
#include "sdk/variable.hpp"

namespace poly::sdk {

GeneratedFile vari_declaration(const std::vector<Entry>& entries, const SchemaTypeNames& schemas,
                               TypeWriter::Detail detail) {
  PathNode root;
  for (const auto& entry : entries) {
    if (entry.kind == EntryKind::variable) root.add(entry);
  }
  AliasGraph aliases;
  FileScope scope(aliases);
  reserve_used_names(scope.names);
  TypeWriter types(scope, schemas, detail);
  const auto leaf_type = [&](const Entry& entry, const std::string& prefix, std::size_t depth) {
    const auto* variable = entry.object("variable");
    const auto value =
        types.property_type(variable ? variable->if_contains("valueType") : nullptr, prefix, depth);
    return TypeText{(is_secret(entry) ? "SecretVariable<" : "Variable<") + value.text + ">"};
  };
  InterfaceWriter writer(scope, leaf_type, &TypeWriter::doc_of);

  std::string content(generated_notice);
  content +=
      "import type { SecretVariable, Variable } from './types.js';\n"
      "import type { schemas } from './schemas.js';\n";
  content += writer.write(root, "Vari", "");
  if (!scope.declarations.empty()) content.append("\n").append(scope.declarations);
  return {"openpoly/vari.d.ts", std::move(content)};
}

}  // namespace poly::sdk
