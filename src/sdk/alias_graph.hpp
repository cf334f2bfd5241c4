// Which type alias stands directly on the right side of which. TypeScript lets an alias mention itself
// inside of an object or an array, but refuses the whole file when one is, over whatever detour, only itself.
#pragma once

#include <map>
#include <set>
#include <string>

namespace poly::sdk {

class AliasGraph final {
 public:
  // Notes that the alias `owner` is (a union or intersection with) `mentioned`; false, and nothing noted,
  // when that would close a circle. Names are qualified: `schemas.Crm.Contact`.
  bool add(const std::string& owner, const std::string& mentioned);

 private:
  bool leads_to(const std::string& from, const std::string& to) const;

  std::map<std::string, std::set<std::string>> mentions_;
};

}  // namespace poly::sdk
