// `schemas.d.ts`: the schemas of the catalog as types in namespaces.
#include "sdk/declarations.hpp"
#include "sdk/names.hpp"
#include "sdk/path_tree.hpp"

namespace poly::sdk {
namespace {

PathNode tree_of_schemas(const std::vector<Entry>& entries) {
  PathNode root;
  for (const auto& entry : entries) {
    if (entry.kind == EntryKind::schema) root.add(entry);
  }
  return root;
}

// Types and namespaces do not share names, so `crm.Contact` may also be a context.
struct NamespaceNames {
  UniqueNames types, namespaces;
};

void collect_names(const PathNode& node, const std::string& qualifier, SchemaTypeNames& out) {
  NamespaceNames names;
  for (const auto& [segment, child] : node.children) {
    const auto pascal = pascal_case(segment);
    if (child.entry) out[child.entry->path] = qualifier + "." + names.types.unique(pascal);
    if (!child.children.empty()) collect_names(child, qualifier + "." + names.namespaces.unique(pascal), out);
  }
}

class NamespaceWriter final {
 public:
  NamespaceWriter(const SchemaTypeNames& schemas, TypeWriter::Detail detail)
      : schemas_(schemas), detail_(detail) {}

  void write(const PathNode& node, const std::string& qualifier, std::size_t depth) {
    FileScope scope(aliases_);
    scope.qualifier = qualifier;
    scope.depth = depth;
    UniqueNames namespaces;
    for (const auto& [segment, child] : node.children) {
      if (child.entry) scope.names.reserve(type_name(*child.entry));
    }
    for (const auto& [segment, child] : node.children) {
      if (child.entry) write_type(*child.entry, scope);
      if (child.children.empty()) continue;
      const auto name = namespaces.unique(pascal_case(segment));
      append_indent(text_, depth);
      text_.append("namespace ").append(name).append(" {\n");
      write(child, qualifier + name + ".", depth + 1);
      append_indent(text_, depth);
      text_ += "}\n";
    }
    text_ += scope.declarations;
  }

  std::string take() && { return std::move(text_); }

 private:
  std::string type_name(const Entry& entry) const {
    const auto& qualified = schemas_.find(entry.path)->second;
    return qualified.substr(qualified.rfind('.') + 1);
  }

  void write_type(const Entry& entry, FileScope& scope) {
    const auto name = type_name(entry);
    const auto* definition = entry.json->if_contains("definition");
    TypeWriter types(scope, schemas_, detail_);
    const auto type = definition ? types.schema_type(*definition, name, scope.depth, name) : any_type();
    append_doc(text_, scope.depth, TypeWriter::doc_of(entry));
    append_indent(text_, scope.depth);
    text_.append("type ").append(name).append(" = ").append(type.text).append(";\n");
  }

  const SchemaTypeNames& schemas_;
  TypeWriter::Detail detail_;
  AliasGraph aliases_;
  std::string text_;
};

}  // namespace

SchemaTypeNames schema_type_names(const std::vector<Entry>& entries) {
  SchemaTypeNames names;
  collect_names(tree_of_schemas(entries), "schemas", names);
  return names;
}

GeneratedFile schemas_declaration(const std::vector<Entry>& entries, const SchemaTypeNames& schemas,
                                  TypeWriter::Detail detail) {
  NamespaceWriter writer(schemas, detail);
  writer.write(tree_of_schemas(entries), "schemas.", 1);
  std::string content(generated_notice);
  content.append("\nexport declare namespace schemas {\n").append(std::move(writer).take()).append("}\n");
  // A value of that name, so that `import { schemas }` also holds where types are only stripped.
  content += "export declare const schemas: {};\n";
  return {"openpoly/schemas.d.ts", std::move(content)};
}

}  // namespace poly::sdk
