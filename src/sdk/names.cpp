#include "sdk/names.hpp"

#include "base/ascii_case.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"

namespace poly::sdk {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
// Words that cannot name a parameter in strict code.
constexpr auto reserved_words = std::to_array<std::string_view>(
    {"arguments", "await",      "break",     "case",   "catch",    "class",  "const",      "continue",
     "debugger",  "default",    "delete",    "do",     "else",     "enum",   "eval",       "export",
     "extends",   "false",      "finally",   "for",    "function", "if",     "implements", "import",
     "in",        "instanceof", "interface", "let",    "new",      "null",   "package",    "private",
     "protected", "public",     "return",    "static", "super",    "switch", "this",       "throw",
     "true",      "try",        "typeof",    "var",    "void",     "while",  "with",       "yield"});

// Devices of Windows: `con.d.ts` cannot be a file there.
constexpr auto device_names = std::to_array<std::string_view>({"con", "prn", "aux", "nul"});

bool is_device(std::string_view stem) {
  if (std::ranges::find(device_names, stem) != device_names.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && is_digit(stem[3]);
}

}  // namespace

std::string pascal_case(std::string_view text) {
  std::string out;
  bool starts_word = true;
  for (const char c : text) {
    if (!is_letter(c) && !is_digit(c)) {
      starts_word = true;
      continue;
    }
    if (out.empty() && is_digit(c)) out.push_back('_');
    out.push_back(starts_word ? upper(c) : c);
    starts_word = false;
  }
  return out.empty() ? "_" : out;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return false;
  return std::ranges::all_of(text,
                             [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '$'; });
}

std::string parameter_name(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return !is_letter(c) && !is_digit(c) && c != '_' && c != '$'; }, '_');
  if (out.empty() || is_digit(out.front())) out.insert(out.begin(), '_');
  if (std::ranges::find(reserved_words, out) != reserved_words.end()) out.push_back('_');
  return out;
}

std::string property_key(std::string_view text) {
  if (is_identifier(text)) return std::string(text);
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string UniqueNames::unique(std::string name) {
  if (taken_.insert(name).second) return name;
  for (std::size_t number = 2;; ++number) {
    auto numbered = name + "_" + std::to_string(number);
    if (taken_.insert(numbered).second) return numbered;
  }
}

std::string UniqueFileNames::unique(std::string_view stem) {
  std::string name(stem.substr(0, stem_length_max));
  for (char& c : name) {
    c = is_letter(c) || is_digit(c) || c == '_' || c == '-' ? lower(c) : '_';
  }
  if (is_device(name)) name.insert(name.begin(), '_');
  return names_.unique(std::move(name));
}

}  // namespace poly::sdk
