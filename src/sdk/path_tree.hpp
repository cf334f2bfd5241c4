// Entries as the tree that their dotted paths make.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sdk/entry.hpp"
#include "sdk/file_scope.hpp"
#include "sdk/type_text.hpp"

namespace poly::sdk {

// A path can end here (`entry`) and go on as well (`children`).
struct PathNode {
  std::map<std::string, PathNode, std::less<>> children;
  const Entry* entry = nullptr;

  void add(const Entry& entry_below);
};

// Contexts as interfaces: `crm.contacts` is a member of `Crm` and itself `CrmContacts`.
class InterfaceWriter final {
 public:
  // The type of the leaf that stands in `depth` levels of indentation; local types start with `prefix`.
  using LeafType = std::function<TypeText(const Entry& entry, const std::string& prefix, std::size_t depth)>;
  using LeafDoc = std::function<Doc(const Entry& entry)>;
  // The type of a context below the one written, when it is not simply an interface beside it.
  using ContextType = std::function<std::string(const std::string& segment, const PathNode& node)>;

  InterfaceWriter(FileScope& scope, LeafType leaf_type, LeafDoc leaf_doc)
      : scope_(scope), leaf_type_(std::move(leaf_type)), leaf_doc_(std::move(leaf_doc)) {}
  InterfaceWriter(const InterfaceWriter&) = delete;
  InterfaceWriter& operator=(const InterfaceWriter&) = delete;

  // `export interface <name>` for `node` and one interface for each context below it, as text.
  std::string write(const PathNode& node, const std::string& name, const std::string& prefix);
  std::string write(const PathNode& node, const std::string& name, const std::string& prefix,
                    const ContextType& context_type);

 private:
  FileScope& scope_;
  LeafType leaf_type_;
  LeafDoc leaf_doc_;
};

}  // namespace poly::sdk
