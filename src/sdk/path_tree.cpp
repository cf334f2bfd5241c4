#include "sdk/path_tree.hpp"

#include "sdk/names.hpp"

namespace poly::sdk {

void PathNode::add(const Entry& entry_below) {
  auto* node = this;
  for (const auto& segment : entry_below.segments) node = &node->children[segment];
  node->entry = &entry_below;
}

std::string InterfaceWriter::write(const PathNode& node, const std::string& name, const std::string& prefix) {
  std::string below;
  auto own = write(node, name, prefix, [&](const std::string& segment, const PathNode& child) {
    const auto child_prefix = prefix + pascal_case(segment);
    auto child_name = scope_.names.unique(child_prefix);
    below += write(child, child_name, child_prefix);
    return child_name;
  });
  return own + below;
}

std::string InterfaceWriter::write(const PathNode& node, const std::string& name, const std::string& prefix,
                                   const ContextType& context_type) {
  std::string out = "\nexport interface " + name + " {\n";
  for (const auto& [segment, child] : node.children) {
    std::vector<TypeText> types;
    if (child.entry) {
      append_doc(out, 1, leaf_doc_(*child.entry));
      types.push_back(leaf_type_(*child.entry, prefix + pascal_case(segment), 1));
    }
    if (!child.children.empty()) types.push_back({context_type(segment, child)});
    append_indent(out, 1);
    out.append(property_key(segment))
        .append(": ")
        .append(intersection_of(std::move(types)).text)
        .append(";\n");
  }
  return out + "}\n";
}

}  // namespace poly::sdk
