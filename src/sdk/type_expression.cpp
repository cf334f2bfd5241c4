#include "sdk/type_expression.hpp"

#include <algorithm>
#include <array>

#include "sdk/names.hpp"

namespace poly::sdk {
namespace {

constexpr auto plain_words = std::to_array<std::string_view>(
    {"any", "unknown", "never", "void", "null", "undefined", "string", "number", "boolean", "bigint",
     "symbol", "object", "true", "false", "Date", "RegExp", "Error", "ArrayBuffer", "Uint8Array"});

struct Generic {
  std::string_view name;
  std::size_t parameters;
};
constexpr auto generics = std::to_array<Generic>({{"Promise", 1},
                                                  {"Array", 1},
                                                  {"ReadonlyArray", 1},
                                                  {"Set", 1},
                                                  {"Map", 2},
                                                  {"Record", 2},
                                                  {"Partial", 1},
                                                  {"Required", 1},
                                                  {"Readonly", 1}});

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

// Reads one type by recursive descent. Each function is true when it has read what its name says; the
// place is then behind it. After false the place means nothing.
class Reader final {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Binding> whole() {
    if (!type()) return std::nullopt;
    skip_space();
    if (at_ != text_.size()) return std::nullopt;
    return binding_;
  }

 private:
  bool type() {
    if (depth_ == type_expression_depth_max) return false;
    ++depth_;
    const bool read = function() || union_members();
    --depth_;
    return read;
  }

  bool function() {
    const auto start = at_;
    if (parameters() && sign("=>") && type()) {
      binding_ = Binding::function;
      return true;
    }
    at_ = start;
    return false;
  }

  bool parameters() {
    if (!sign("(")) return false;
    if (sign(")")) return true;
    bool saw_optional = false;
    do {
      const bool is_rest = sign("...");
      const auto name = word();
      if (name.empty() || name != parameter_name(name)) return false;
      const bool is_optional = !is_rest && sign("?");
      if (saw_optional && !is_optional && !is_rest) return false;
      saw_optional = saw_optional || is_optional;
      if (!sign(":") || !type()) return false;
      if (is_rest && !text_.substr(0, at_).ends_with("[]")) return false;
    } while (sign(","));
    return sign(")");
  }

  bool union_members() {
    sign("|");
    if (!intersection_members()) return false;
    auto binding = binding_;
    while (sign("|")) {
      if (!intersection_members()) return false;
      binding = Binding::union_;
    }
    binding_ = binding;
    return true;
  }

  bool intersection_members() {
    if (!postfix()) return false;
    auto binding = Binding::primary;
    while (sign("&")) {
      if (!postfix()) return false;
      binding = Binding::intersection;
    }
    binding_ = binding;
    return true;
  }

  bool postfix() {
    if (!primary()) return false;
    while (sign("[")) {
      if (!sign("]")) return false;
    }
    return true;
  }

  bool primary() {
    skip_space();
    if (at_ == text_.size()) return false;
    const char c = text_[at_];
    if (c == '(') return sign("(") && type() && sign(")");
    if (c == '{') return sign("{") && members();
    if (c == '[') return sign("[") && elements();
    if (c == '"' || c == '\'') return quoted();
    if (c == '-' || is_digit(c)) return number();
    return named();
  }

  bool named() {
    const auto name = word();
    if (std::ranges::find(plain_words, name) != plain_words.end()) return true;
    const auto* generic = std::ranges::find(generics, name, &Generic::name);
    if (generic == generics.end() || !sign("<")) return false;
    std::size_t count = 0;
    do {
      skip_space();
      const auto start = at_;
      if (!type()) return false;
      if (name == "Record" && count == 0 && !is_key_type(text_.substr(start, at_ - start))) return false;
      ++count;
    } while (sign(","));
    return count == generic->parameters && sign(">");
  }

  static bool is_key_type(std::string_view text) {
    return text == "string" || text == "number" || text == "symbol" || text == "any" ||
           text.starts_with('"') || text.starts_with('\'');
  }

  bool members() {
    while (!sign("}")) {
      if (!key()) return false;
      sign("?");
      if (!sign(":") || !type()) return false;
      if (sign(";") || sign(",")) continue;
      return sign("}");
    }
    return true;
  }

  bool key() {
    skip_space();
    if (at_ == text_.size()) return false;
    if (text_[at_] == '"' || text_[at_] == '\'') return quoted();
    return !word().empty();
  }

  bool elements() {
    while (!sign("]")) {
      if (!type()) return false;
      if (sign(",")) continue;
      return sign("]");
    }
    return true;
  }

  bool quoted() {
    const char quote = text_[at_++];
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n' || c == '\r' || c == '\\') return false;
      if (c == quote) return ++at_, true;
    }
    return false;
  }

  bool number() {
    if (text_[at_] == '-') ++at_;
    const auto start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    const auto digits = at_ - start;
    if (digits == 0 || (digits > 1 && text_[start] == '0')) return false;
    if (at_ < text_.size() && text_[at_] == '.') {
      const auto fraction = ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      if (at_ == fraction) return false;
    }
    return at_ == text_.size() || !starts_word(text_[at_]);
  }

  std::string_view word() {
    skip_space();
    const auto start = at_;
    while (at_ < text_.size() && (starts_word(text_[at_]) || (at_ > start && is_digit(text_[at_])))) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool sign(std::string_view expected) {
    skip_space();
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Binding binding_ = Binding::primary;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<TypeText> checked_type_expression(std::string_view text) {
  text = trimmed(text);
  if (text.size() > type_expression_bytes_max) return std::nullopt;
  const auto binding = Reader(text).whole();
  if (!binding) return std::nullopt;
  return TypeText{std::string(text), *binding};
}

TypeText awaited(const TypeText& type) {
  constexpr std::string_view opening = "Promise<";
  if (type.binding != Binding::primary || !type.text.starts_with(opening) || !type.text.ends_with('>'))
    return type;
  const std::string_view inside(type.text.data() + opening.size(), type.text.size() - opening.size() - 1);
  return checked_type_expression(inside).value_or(type);
}

}  // namespace poly::sdk
