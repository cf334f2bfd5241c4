// `poly/*.d.ts`: the tree of functions and webhooks.
#include "sdk/declarations.hpp"
#include "sdk/names.hpp"
#include "sdk/path_tree.hpp"

namespace poly::sdk {
namespace {

constexpr std::string_view imports =
    "import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';\n"
    "import type { schemas } from '../schemas.js';\n";

class PolyDeclarations final {
 public:
  PolyDeclarations(const SchemaTypeNames& schemas, TypeWriter::Detail detail)
      : schemas_(schemas), detail_(detail) {
    file_names_.reserve("index");
  }

  std::vector<GeneratedFile> write(const PathNode& root) && {
    auto index = write_file([&](InterfaceWriter& writer, FileScope&) {
      return writer.write(root, "Poly", "", [&](const std::string& segment, const PathNode& node) {
        return context_file(segment, node);
      });
    });
    files_.push_back({"openpoly/poly/index.d.ts", std::move(index)});
    return std::move(files_);
  }

 private:
  // Writes the file of a top-level context; what comes back names its interface from the index.
  std::string context_file(const std::string& segment, const PathNode& node) {
    const auto stem = file_names_.unique(segment);
    std::string name;
    auto content = write_file([&](InterfaceWriter& writer, FileScope& scope) {
      const auto prefix = pascal_case(segment);
      name = scope.names.unique(prefix);
      return writer.write(node, name, prefix);
    });
    files_.push_back({"openpoly/poly/" + stem + ".d.ts", std::move(content)});
    return "import('./" + stem + ".js')." + name;
  }

  template <class Body>
  std::string write_file(const Body& body) {
    AliasGraph aliases;
    FileScope scope(aliases);
    reserve_used_names(scope.names);
    TypeWriter types(scope, schemas_, detail_);
    InterfaceWriter writer(
        scope,
        [&](const Entry& entry, const std::string& prefix, std::size_t depth) {
          return types.callable(entry, prefix, depth);
        },
        &TypeWriter::doc_of);
    std::string content(generated_notice);
    content.append(imports).append(body(writer, scope));
    if (!scope.declarations.empty()) content.append("\n").append(scope.declarations);
    return content;
  }

  const SchemaTypeNames& schemas_;
  TypeWriter::Detail detail_;
  UniqueFileNames file_names_;
  std::vector<GeneratedFile> files_;
};

}  // namespace

std::vector<GeneratedFile> poly_declarations(const std::vector<Entry>& entries,
                                             const SchemaTypeNames& schemas, TypeWriter::Detail detail) {
  PathNode root;
  for (const auto& entry : entries) {
    if (entry.kind != EntryKind::variable && entry.kind != EntryKind::schema) root.add(entry);
  }
  return PolyDeclarations(schemas, detail).write(root);
}

}  // namespace poly::sdk
