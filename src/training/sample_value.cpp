#include "training/sample_value.hpp"

#include <algorithm>
#include <array>

#include "base/ascii_case.hpp"

namespace poly::training {
namespace {

// As they stand in a key whose separators are left out.
constexpr auto secret_words =
    std::to_array<std::string_view>({"authorization", "password", "passwd", "secret", "token", "apikey",
                                     "accesskey", "cookie", "sessionid", "signature", "credential", "xauth"});
// Keys with such a word that hold no secret.
constexpr auto harmless_words = std::to_array<std::string_view>(
    {"tokenurl", "tokentype", "nexttoken", "pagetoken", "maxtokens", "tokencount"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string type_of_text(std::string_view text) {
  if (text == "true" || text == "false") return "boolean";
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const bool is_number =
      !whole.empty() && std::ranges::all_of(whole, is_digit) && std::ranges::all_of(fraction, is_digit) &&
      (whole.size() == 1 || whole.front() != '0') && whole.size() + fraction.size() <= number_digits_max;
  if (!is_number) return "string";
  if (point == std::string_view::npos) return "integer";
  return fraction.empty() ? "string" : "number";
}

Json value_of_text(std::string_view text) {
  if (type_of_text(text) == "string") return Json(text);
  return value_or_throw(parse_json(text, "a recorded value"));
}

SampleType inferred_type(JsonObject schema) {
  SampleType out;
  const auto* type = schema.if_contains("type");
  if (type && type->is_string()) out.type = type->get_string();
  const bool says_more = schema.size() > 1 || (type && !type->is_string());
  if (!says_more) return out;
  schema[inferred_mark] = true;
  out.schema = JsonText::of(Json(std::move(schema)));
  return out;
}

bool names_a_secret(std::string_view key) {
  std::string word = lower(key);
  std::erase_if(word, [](char c) { return !is_digit(c) && (c < 'a' || c > 'z'); });
  const auto holds = [&word](std::string_view part) { return word.contains(part); };
  return std::ranges::any_of(secret_words, holds) && std::ranges::none_of(harmless_words, holds);
}

}  // namespace poly::training
