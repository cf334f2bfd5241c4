#include "sdk/alias_graph.hpp"

#include <vector>

namespace poly::sdk {

bool AliasGraph::add(const std::string& owner, const std::string& mentioned) {
  if (leads_to(mentioned, owner)) return false;
  mentions_[owner].insert(mentioned);
  return true;
}

bool AliasGraph::leads_to(const std::string& from, const std::string& to) const {
  std::set<std::string> seen;
  std::vector<std::string> open{from};
  while (!open.empty()) {
    const auto name = std::move(open.back());
    open.pop_back();
    if (name == to) return true;
    const auto found = mentions_.find(name);
    if (!seen.insert(name).second || found == mentions_.end()) continue;
    open.insert(open.end(), found->second.begin(), found->second.end());
  }
  return false;
}

}  // namespace poly::sdk
