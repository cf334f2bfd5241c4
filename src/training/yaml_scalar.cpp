// Plain scalars by the table of YAML 1.2, section 10.3.2.
#include <charconv>
#include <cmath>

#include "training/yaml.hpp"

namespace poly::training {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
  text = without_sign(text);
  const auto exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    if (!all_digits(without_sign(text.substr(exponent + 1)))) return false;
    text = text.substr(0, exponent);
  }
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return all_digits(text);
  const auto whole = text.substr(0, dot);
  const auto fraction = text.substr(dot + 1);
  if (whole.empty()) return all_digits(fraction);
  return all_digits(whole) && (fraction.empty() || all_digits(fraction));
}

template <class Integer>
bool read_integer(std::string_view digits, int base, Json& out) {
  Integer number{};
  const auto [stop, problem] = std::from_chars(digits.begin(), digits.end(), number, base);
  if (problem != std::errc() || stop != digits.end()) return false;
  out = number;
  return true;
}

bool read_any_integer(std::string_view digits, int base, Json& out) {
  return read_integer<std::int64_t>(digits, base, out) || read_integer<std::uint64_t>(digits, base, out);
}

}  // namespace

Result<Json> plain_scalar(std::string_view text, boost::json::storage_ptr storage) {
  Json out(std::move(storage));
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return out;
  if (text == "true" || text == "True" || text == "TRUE") return out = true;
  if (text == "false" || text == "False" || text == "FALSE") return out = false;
  const bool may_be_number = is_digit(text.front()) || text.find_first_of("-+.") == 0;
  if (may_be_number) {
    if (text.starts_with("0x") && read_any_integer(text.substr(2), 16, out)) return out;
    if (text.starts_with("0o") && read_any_integer(text.substr(2), 8, out)) return out;
    const auto unsigned_text = without_sign(text);
    if (all_digits(unsigned_text) &&
        read_any_integer(text.starts_with('+') ? unsigned_text : text, 10, out)) {
      return out;
    }
    for (const std::string_view endless : {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"}) {
      if (unsigned_text == endless) {
        return fail(ErrorKind::bad_request,
                    "'" + std::string(text) + "' is a number that JSON does not have");
      }
    }
    if (is_decimal(text)) {
      double number = 0;
      const auto digits = text.starts_with('+') ? unsigned_text : text;
      const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (problem != std::errc() || stop != digits.data() + digits.size()) {
        return fail(ErrorKind::bad_request, "'" + std::string(text) + "' is a number out of range");
      }
      return out = number;
    }
  }
  out = text;
  return out;
}

}  // namespace poly::training
