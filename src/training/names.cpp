#include "training/names.hpp"

#include <algorithm>

#include "spec/resource.hpp"
#include "base/ascii_case.hpp"

namespace poly::training {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c);
}
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (!is_word(c)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    words.back().push_back(c);
  }
  return words;
}

// `APIKey` → `apiKey`, `API` → `api`, `Pet` → `pet`.
void start_small(std::string& word) {
  std::size_t capitals = 0;
  while (capitals < word.size() && is_upper(word[capitals])) ++capitals;
  const bool next_word_follows = capitals > 1 && capitals < word.size() && is_lower(word[capitals]);
  const std::size_t small = next_word_follows ? capitals - 1 : capitals;
  std::transform(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(small), word.begin(),
                 [](char c) { return lower(c); });
}

std::string joined(std::vector<std::string> words) {
  std::string out;
  for (const auto& word : words) out += word;
  if (!out.empty() && is_digit(out.front())) out.insert(out.begin(), '_');
  // Room for the number of a name that is taken.
  constexpr std::size_t number_digits_max = 6;
  out.resize(std::min(out.size(), spec::name_length_max - number_digits_max));
  return out;
}

}  // namespace

std::string camel_case(std::string_view text) {
  auto words = words_of(text);
  for (auto& word : words) word.front() = upper(word.front());
  if (!words.empty()) start_small(words.front());
  return joined(std::move(words));
}

std::string pascal_case(std::string_view text) {
  auto words = words_of(text);
  for (auto& word : words) word.front() = upper(word.front());
  return joined(std::move(words));
}

std::string_view without_tag(std::string_view operation_id, std::string_view tag) {
  constexpr std::string_view separators = "/._";
  if (tag.empty() || operation_id.size() <= tag.size()) return operation_id;
  if (!separators.contains(operation_id[tag.size()])) return operation_id;
  if (lower(operation_id.substr(0, tag.size())) != lower(tag)) return operation_id;
  const auto rest = operation_id.substr(tag.size() + 1);
  return words_of(rest).empty() ? operation_id : rest;
}

bool NameClaims::take(std::string_view name) {
  return taken_.insert(lower(name)).second;
}

void NameClaims::reserve(std::string_view name) {
  take(name);
}

std::string NameClaims::claim(std::string_view wanted) {
  if (take(wanted)) return std::string(wanted);
  for (std::size_t number = 2;; ++number) {
    auto numbered = std::string(wanted) + std::to_string(number);
    if (take(numbered)) return numbered;
  }
}

std::string NameClaims::claim_first_free(const std::vector<std::string>& wanted) {
  for (const auto& name : wanted) {
    if (take(name)) return name;
  }
  return claim(wanted.front());
}

}  // namespace poly::training
