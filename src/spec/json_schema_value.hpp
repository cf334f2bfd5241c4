// JSON values as JSON Schema sees them: 1 and 1.0 are one number, members have no order, decimals are exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/json.hpp"

namespace poly::spec::json_schema {

// Kinds of a value as bits, so that a `type` list is one mask. A whole number, 1.0 too, is an integer.
using Kinds = std::uint8_t;
inline constexpr Kinds kind_null = 1;
inline constexpr Kinds kind_boolean = 2;
inline constexpr Kinds kind_integer = 4;
inline constexpr Kinds kind_fraction = 8;
inline constexpr Kinds kind_string = 16;
inline constexpr Kinds kind_array = 32;
inline constexpr Kinds kind_object = 64;
inline constexpr Kinds kind_number = kind_integer | kind_fraction;

Kinds kind_of(const Json& value);

// The bits of a word of the `type` keyword, or nothing when it is no such word.
std::optional<Kinds> kinds_named(std::string_view word);

// "string or null": the words of a mask.
std::string words_of(Kinds kinds);

// Negative, zero or positive; exact over signed, unsigned and floating numbers alike.
int compare_numbers(const Json& left, const Json& right);

// By the decimals that are written, so that 0.07 is a multiple of 0.01. `divisor` is above zero.
bool is_multiple_of(const Json& number, const Json& divisor);

bool same_value(const Json& left, const Json& right);

// Positions of two equal items, or nothing when all differ.
std::optional<std::pair<std::size_t, std::size_t>> equal_items(const JsonArray& items);

// Code points, which is what minLength and maxLength count.
std::size_t characters_in(std::string_view utf8);

}  // namespace poly::spec::json_schema
