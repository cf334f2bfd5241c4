// The word that somebody most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace poly::cli {

// The nearest of `words`, when it is near enough to be a slip of the fingers.
std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words);

}  // namespace poly::cli
