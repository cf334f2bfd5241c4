// The words that enums have on the wire and in the store, listed once for each enum.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace poly {

template <class Enum>
struct EnumWord {
  Enum value;
  std::string_view word;
};

// Specialise with `constexpr std::array` of EnumWord<Enum>; the first word given for a value is the one written.
template <class Enum>
inline constexpr auto enum_words = nullptr;

template <class Enum>
concept WordEnum = std::is_enum_v<Enum> && !std::is_same_v<decltype(enum_words<Enum>), const std::nullptr_t>;

template <WordEnum Enum>
constexpr std::string_view word_of(Enum value) {
  for (const auto& entry : enum_words<Enum>) {
    if (entry.value == value) return entry.word;
  }
  return "";
}

template <WordEnum Enum>
constexpr std::optional<Enum> enum_of(std::string_view word) {
  for (const auto& entry : enum_words<Enum>) {
    if (entry.word == word) return entry.value;
  }
  return std::nullopt;
}

template <WordEnum Enum>
std::string words_listed() {
  std::string out;
  for (const auto& entry : enum_words<Enum>) out.append(out.empty() ? "" : ", ").append(entry.word);
  return out;
}

}  // namespace poly
