#include "spec/json_schema_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <vector>

#include "base/error.hpp"

namespace poly::spec::json_schema {
namespace {

// Below this many items, comparing each with each is cheaper than hashing them.
constexpr std::size_t pairwise_items_max = 12;

struct KindWord {
  std::string_view word;
  Kinds kinds;
};

// "number" stands before "integer", so that a mask with both is described by the wider word.
constexpr std::array<KindWord, 7> kind_words{{{"string", kind_string},
                                              {"number", kind_number},
                                              {"integer", kind_integer},
                                              {"boolean", kind_boolean},
                                              {"array", kind_array},
                                              {"object", kind_object},
                                              {"null", kind_null}}};

// An x86-64 or AArch64 long double holds every int64, uint64 and double exactly.
long double exact(const Json& number) {
  if (const auto* whole = number.if_int64()) return static_cast<long double>(*whole);
  if (const auto* large = number.if_uint64()) return static_cast<long double>(*large);
  return static_cast<long double>(number.get_double());
}

bool is_zero(const Json& number) {
  return exact(number) == 0;
}

bool is_finite(const Json& number) {
  return std::isfinite(exact(number));
}

// digits × 10^exponent, without zeros at the end of digits.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

Decimal without_trailing_zeros(Decimal decimal) {
  while (decimal.digits != 0 && decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    ++decimal.exponent;
  }
  return decimal;
}

// The shortest decimal that reads back as the same double: what the writer of the number meant.
Decimal shortest_decimal(double number) {
  std::array<char, 64> text;
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), std::fabs(number), std::chars_format::scientific);
  Decimal decimal;
  const char* at = text.data();
  bool after_point = false;
  for (; at != written.ptr && *at != 'e'; ++at) {
    if (*at == '.') {
      after_point = true;
      continue;
    }
    decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
    if (after_point) --decimal.exponent;
  }
  int exponent = 0;
  const char* exponent_from = at + (at + 1 < written.ptr && at[1] == '+' ? 2 : 1);
  std::from_chars(exponent_from, written.ptr, exponent);
  decimal.exponent += exponent;
  return without_trailing_zeros(decimal);
}

Decimal decimal_of(const Json& number) {
  if (const auto* whole = number.if_int64()) {
    const auto bits = static_cast<std::uint64_t>(*whole);
    return without_trailing_zeros({*whole < 0 ? 0 - bits : bits, 0});
  }
  if (const auto* large = number.if_uint64()) return without_trailing_zeros({*large, 0});
  return shortest_decimal(number.get_double());
}

__extension__ using Wide = unsigned __int128;

std::uint64_t multiply(std::uint64_t left, std::uint64_t right, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(Wide{left} * right % modulus);
}

std::uint64_t power_of_ten(int exponent, std::uint64_t modulus) {
  std::uint64_t result = 1 % modulus;
  std::uint64_t base = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 != 0) result = multiply(result, base, modulus);
    base = multiply(base, base, modulus);
  }
  return result;
}

std::size_t mixed(std::size_t seed, std::size_t more) {
  return seed ^ (more + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

std::size_t hash_of(const Json& value) {
  if (value.is_number()) return std::hash<double>()(static_cast<double>(exact(value)));
  if (const auto* text = value.if_string()) return std::hash<std::string_view>()(*text);
  if (const auto* array = value.if_array()) {
    std::size_t seed = array->size() + 1;
    for (const auto& item : *array) seed = mixed(seed, hash_of(item));
    return seed;
  }
  if (const auto* object = value.if_object()) {
    std::size_t sum = object->size();
    for (const auto& [key, member] : *object)
      sum += mixed(std::hash<std::string_view>()(key), hash_of(member));
    return sum;
  }
  return value.is_bool() ? static_cast<std::size_t>(value.get_bool()) + 1 : 0;
}

bool same_members(const JsonObject& left, const JsonObject& right) {
  if (left.size() != right.size()) return false;
  return std::all_of(left.begin(), left.end(), [&right](const auto& member) {
    const auto* other = right.if_contains(member.key());
    return other && same_value(member.value(), *other);
  });
}

}  // namespace

Kinds kind_of(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return kind_null;
    case boost::json::kind::bool_:
      return kind_boolean;
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return kind_integer;
    case boost::json::kind::double_: {
      const double number = value.get_double();
      return std::trunc(number) == number && std::isfinite(number) ? kind_integer : kind_fraction;
    }
    case boost::json::kind::string:
      return kind_string;
    case boost::json::kind::array:
      return kind_array;
    case boost::json::kind::object:
      return kind_object;
  }
  return 0;
}

std::optional<Kinds> kinds_named(std::string_view word) {
  for (const auto& entry : kind_words) {
    if (entry.word == word) return entry.kinds;
  }
  return std::nullopt;
}

std::string words_of(Kinds kinds) {
  std::vector<std::string_view> words;
  for (const auto& entry : kind_words) {
    if ((kinds & entry.kinds) != entry.kinds) continue;
    words.push_back(entry.word);
    kinds &= static_cast<Kinds>(~entry.kinds);
  }
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

int compare_numbers(const Json& left, const Json& right) {
  const long double a = exact(left);
  const long double b = exact(right);
  return a < b ? -1 : (a > b ? 1 : 0);
}

bool is_multiple_of(const Json& number, const Json& divisor) {
  if (is_zero(number)) return true;
  if (const auto *a = number.if_int64(), *b = divisor.if_int64(); a && b) return *a % *b == 0;
  if (!is_finite(number) || !is_finite(divisor)) return false;  // 1e999 is read as infinite
  const Decimal a = decimal_of(number);
  const Decimal b = decimal_of(divisor);
  if (b.digits == 0) return false;
  // a.digits has no factor 10 left, so it is no multiple of b.digits × 10^k for any k > 0.
  if (a.exponent < b.exponent) return false;
  const auto scale = power_of_ten(a.exponent - b.exponent, b.digits);
  return multiply(a.digits % b.digits, scale, b.digits) == 0;
}

bool same_value(const Json& left, const Json& right) {
  if (left.is_number() && right.is_number()) return compare_numbers(left, right) == 0;
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case boost::json::kind::bool_:
      return left.get_bool() == right.get_bool();
    case boost::json::kind::string:
      return left.get_string() == right.get_string();
    case boost::json::kind::array:
      return std::ranges::equal(left.get_array(), right.get_array(), same_value);
    case boost::json::kind::object:
      return same_members(left.get_object(), right.get_object());
    default:
      return true;
  }
}

std::optional<std::pair<std::size_t, std::size_t>> equal_items(const JsonArray& items) {
  if (items.size() <= pairwise_items_max) {
    for (std::size_t i = 1; i < items.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (same_value(items[j], items[i])) return std::pair(j, i);
      }
    }
    return std::nullopt;
  }
  std::vector<std::pair<std::size_t, std::size_t>> by_hash;
  by_hash.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) by_hash.emplace_back(hash_of(items[i]), i);
  std::ranges::sort(by_hash);
  for (std::size_t i = 1; i < by_hash.size(); ++i) {
    for (std::size_t j = i; j > 0 && by_hash[j - 1].first == by_hash[i].first; --j) {
      const auto first = by_hash[j - 1].second;
      const auto second = by_hash[i].second;
      if (same_value(items[first], items[second])) return std::pair(first, second);
    }
  }
  return std::nullopt;
}

std::size_t characters_in(std::string_view utf8) {
  const auto starts_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::ranges::count_if(utf8, starts_character));
}

}  // namespace poly::spec::json_schema
