#include "packages/installer.hpp"

#include "base/sha256.hpp"

namespace poly::packages {
namespace {

// Changed when the same packages come to lie differently in a layer.
constexpr std::string_view layout = "1";

std::string hash_of_lines(std::initializer_list<std::string_view> head,
                          const std::vector<std::string>& lines) {
  std::string all;
  for (const auto line : head) all.append(line).append("\n");
  for (const auto& line : lines) all.append(line).append("\n");
  return sha256_hex(all);
}

}  // namespace

std::string layer_hash(Ecosystem ecosystem, const std::string& engine, const Lock& lock) {
  return hash_of_lines({"layer", layout, word_of(ecosystem), engine}, lock.identities);
}

std::string wish_hash(Ecosystem ecosystem, const std::string& engine, const std::vector<Requirement>& wish) {
  std::vector<std::string> lines;
  for (const auto& requirement : wish) lines.push_back(requirement.text(ecosystem));
  return hash_of_lines({"wish", layout, word_of(ecosystem), engine}, lines);
}

}  // namespace poly::packages
