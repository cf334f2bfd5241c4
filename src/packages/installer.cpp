#include "packages/installer.hpp"

#include <sodium.h>

namespace poly::packages {
namespace {

// Changed when the same packages come to lie differently in a layer.
constexpr std::string_view layout = "1";

std::string hash_of_lines(std::initializer_list<std::string_view> head,
                          const std::vector<std::string>& lines) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const auto add = [&state](std::string_view line) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(line.data()), line.size());
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>("\n"), 1);
  };
  for (const auto line : head) add(line);
  for (const auto& line : lines) add(line);
  unsigned char bytes[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, bytes);
  char hex[2 * sizeof bytes + 1];
  sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
  return hex;
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
