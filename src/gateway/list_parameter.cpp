#include "gateway/list_parameter.hpp"

#include <algorithm>

namespace poly::gateway {
namespace {

bool names(std::string_view key, std::string_view name) {
  if (key == name) return true;
  return key.size() == name.size() + 2 && key.starts_with(name) && key.ends_with("[]");
}

}  // namespace

std::vector<std::string> list_parameter(const std::vector<std::pair<std::string, std::string>>& query,
                                        std::string_view name) {
  std::vector<std::string> items;
  for (const auto& [key, value] : query) {
    if (!names(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (comma > 0) items.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return items;
}

}  // namespace poly::gateway
