// The top level (or one namespace) of a declaration file while it is written: which names are taken, and
// the local types that turned out to be needed.
#pragma once

#include <string>

#include "sdk/alias_graph.hpp"
#include "sdk/names.hpp"

namespace poly::sdk {

struct FileScope {
  explicit FileScope(AliasGraph& graph) : aliases(graph) {}

  AliasGraph& aliases;
  UniqueNames names;
  std::string qualifier;     // in front of its names when they are seen from outside: `schemas.Crm.`
  std::size_t depth = 0;     // how far declarations are indented
  std::string declarations;  // `type Name = …;` lines
};

}  // namespace poly::sdk
