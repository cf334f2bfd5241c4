#include "cli/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace poly::cli {
namespace {

// Inserted, deleted, replaced letters (Levenshtein), and neighbours swapped as one slip.
std::size_t slips_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> slips(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) slips[i][0] = i;
  std::iota(slips[0].begin(), slips[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      slips[i][j] = std::min({slips[i - 1][j] + 1, slips[i][j - 1] + 1, slips[i - 1][j - 1] + differs});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) slips[i][j] = std::min(slips[i][j], slips[i - 2][j - 2] + 1);
    }
  }
  return slips[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words) {
  std::optional<std::string> nearest;
  std::size_t fewest = std::max<std::size_t>(typed.size() / 3, 1) + 1;
  for (const auto& word : words) {
    const auto slips = slips_between(typed, word);
    if (slips >= fewest) continue;
    fewest = slips;
    nearest = word;
  }
  return nearest;
}

}  // namespace poly::cli
