#include "spec/json_schema_pattern.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace poly::spec::json_schema {
namespace {

// White space and line ends of ECMA 262, and everything else, as the inside of a class.
constexpr std::string_view space_ranges =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view not_space_ranges =
    R"(\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e})"
    R"(\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";
constexpr std::string_view any_but_line_end = R"([^\n\r\x{2028}\x{2029}])";
constexpr std::string_view any_character = R"([\x00-\x{10ffff}])";
constexpr std::string_view no_character = R"([^\x00-\x{10ffff}])";

struct CategoryName {
  std::string_view ecma;
  std::string_view re2;
};

// RE2 knows the general categories of Unicode by their short names only.
constexpr std::array<CategoryName, 38> categories{{
    {"Letter", "L"},
    {"Cased_Letter", "LC"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"Format", "Cf"},
    {"Private_Use", "Co"},
}};

std::string property_in_re2(std::string_view property) {
  for (const std::string_view prefix : {"Script=", "sc=", "General_Category=", "gc="}) {
    if (property.starts_with(prefix)) property.remove_prefix(prefix.size());
  }
  for (const auto& category : categories) {
    if (category.ecma == property) return std::string(category.re2);
  }
  return std::string(property);
}

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> run() {
    while (!error_ && at_ < pattern_.size()) {
      if (in_class_)
        class_character();
      else
        outside_character();
    }
    if (!error_ && in_class_) refuse(ErrorKind::bad_request, "a [ without its ]");
    if (error_) return std::unexpected(std::move(*error_));
    return std::move(out_);
  }

 private:
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  void refuse(ErrorKind kind, std::string reason) {
    if (!error_) error_ = Error{kind, std::move(reason), {}, {}};
  }

  void outside_character() {
    if (take("\\")) return escape();
    if (take("[^]")) return emit(any_character);
    if (take("[]")) return emit(no_character);
    if (take("[^")) return open_class("[^");
    if (take("[")) return open_class("[");
    if (take(".")) return emit(any_but_line_end);
    for (const std::string_view lookaround : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (take(lookaround))
        return refuse(ErrorKind::unsupported,
                      "lookaround (" + std::string(lookaround) + ") is not supported");
    }
    if (take("(?<")) return emit("(?P<");
    if (take("(?:")) return emit("(?:");
    if (take("(?")) return refuse(ErrorKind::bad_request, "(? starts no group of ECMA 262");
    out_.push_back(pattern_[at_++]);
  }

  void class_character() {
    if (take("\\")) return escape();
    if (take("[")) return emit("\\[");
    if (pattern_[at_] == ']') in_class_ = false;
    out_.push_back(pattern_[at_++]);
  }

  void open_class(std::string_view start) {
    in_class_ = true;
    emit(start);
  }

  void emit(std::string_view text) { out_.append(text); }

  void emit_ranges(std::string_view ranges) {
    if (in_class_) return emit(ranges);
    out_.append("[").append(ranges).append("]");
  }

  void emit_code_point(std::uint32_t code_point) {
    constexpr int hexadecimal = 16;
    std::array<char, 8> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), code_point, hexadecimal);
    out_.append("\\x{").append(digits.data(), written.ptr).append("}");
  }

  void escape() {
    if (at_ == pattern_.size()) return refuse(ErrorKind::bad_request, "a \\ at the end");
    const char c = pattern_[at_++];
    switch (c) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
      case 'n':
      case 'r':
      case 't':
      case 'f':
        out_.append({'\\', c});
        return;
      case 'b':
        return in_class_ ? emit("\\x08") : emit("\\b");
      case 'B':
        return in_class_ ? refuse(ErrorKind::bad_request, "\\B inside [ ]") : emit("\\B");
      case 's':
        return emit_ranges(space_ranges);
      case 'S':
        return emit_ranges(not_space_ranges);
      case 'v':
        return emit("\\x0b");
      case '0':
        return emit("\\x00");
      case 'c':
        return control_escape();
      case 'x':
        return hex_escape();
      case 'u':
        return unicode_escape();
      case 'p':
      case 'P':
        return property_escape(c);
      case 'k':
        return refuse(ErrorKind::unsupported, "back references (\\k) are not supported");
      default:
        return identity_escape(c);
    }
  }

  void identity_escape(char c) {
    if (c >= '1' && c <= '9') {
      return refuse(ErrorKind::unsupported, std::string("back references (\\") + c + ") are not supported");
    }
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter) return refuse(ErrorKind::bad_request, std::string("\\") + c + " is no escape of ECMA 262");
    const bool is_plain = c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!is_plain) out_.push_back('\\');
    out_.push_back(c);
  }

  void control_escape() {
    const char letter = at_ < pattern_.size() ? pattern_[at_++] : '\0';
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (!is_letter) return refuse(ErrorKind::bad_request, "\\c wants a letter");
    emit_code_point(static_cast<std::uint32_t>(letter) & 0x1F);
  }

  std::optional<std::uint32_t> take_hex(std::size_t digits) {
    constexpr int hexadecimal = 16;
    if (pattern_.size() - at_ < digits) return std::nullopt;
    std::uint32_t value = 0;
    const char* end = pattern_.data() + at_ + digits;
    const auto read = std::from_chars(pattern_.data() + at_, end, value, hexadecimal);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    at_ += digits;
    return value;
  }

  void hex_escape() {
    const auto value = take_hex(2);
    if (!value) return refuse(ErrorKind::bad_request, "\\x wants two hexadecimal digits");
    emit_code_point(*value);
  }

  void unicode_escape() {
    if (take("{")) {
      const auto close = pattern_.find('}', at_);
      const auto value = close == std::string_view::npos ? std::nullopt : take_hex(close - at_);
      if (!value || !take("}")) return refuse(ErrorKind::bad_request, "\\u{ wants hexadecimal digits and }");
      return emit_code_point(*value);
    }
    const auto unit = take_hex(4);
    if (!unit) return refuse(ErrorKind::bad_request, "\\u wants four hexadecimal digits");
    const bool leads_pair = *unit >= 0xD800 && *unit < 0xDC00;
    if (!leads_pair || !take("\\u")) return emit_code_point(*unit);
    const auto low = take_hex(4);
    if (!low || *low < 0xDC00 || *low > 0xDFFF)
      return refuse(ErrorKind::bad_request, "half a surrogate pair");
    emit_code_point(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
  }

  void property_escape(char letter) {
    const auto close = take("{") ? pattern_.find('}', at_) : std::string_view::npos;
    if (close == std::string_view::npos) return refuse(ErrorKind::bad_request, "\\p wants {name}");
    out_.append({'\\', letter, '{'});
    out_.append(property_in_re2(pattern_.substr(at_, close - at_))).append("}");
    at_ = close + 1;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  std::string out_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::string> to_re2_syntax(std::string_view ecma_pattern) {
  return Translator(ecma_pattern).run();
}

}  // namespace poly::spec::json_schema
