// What many samples of one value show beyond its kinds: formats, enumerations, and objects that are maps.
// Used where a schema describes, not where it decides: the next sample may always differ.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace poly::spec {

// A text is taken for one of a few words when at least `enum_samples_min` samples have at most
// `enum_values_max` different ones, each of at most `enum_value_bytes_max` bytes, and each was seen
// `enum_repeats_min` times on average. One word alone is no choice: it says nothing of the others that may
// come.
inline constexpr std::size_t enum_samples_min = 12;
inline constexpr std::size_t enum_values_min = 2;
inline constexpr std::size_t enum_values_max = 8;
inline constexpr std::size_t enum_value_bytes_max = 32;
inline constexpr std::size_t enum_repeats_min = 4;

// An object is taken for a map when it has members and all keys of all samples look like ids (numbers, UUIDs,
// dates, long hexadecimal words), at least `map_keys_min` different ones; or when it has more than
// `properties_max` different keys, which is nothing that somebody would read as properties.
inline constexpr std::size_t map_keys_min = 2;
inline constexpr std::size_t properties_max = 500;
inline constexpr std::size_t hex_id_bytes_min = 16;

// All texts seen at one place.
class TextEvidence final {
 public:
  void add(std::string_view text);
  // Takes in all that `other` has seen.
  void merge(const TextEvidence& other);

  // `format` when all texts agree on one of date-time, date, uuid, email and uri; else `enum` when the texts
  // are a choice. An enum of the schema must allow null when null was seen too.
  void write(JsonObject& schema, bool nullable) const;

 private:
  void count(std::string_view word, std::size_t times);

  std::size_t seen_ = 0;
  std::vector<std::string_view> formats_;  // that all texts so far agree on
  std::map<std::string, std::size_t, std::less<>> words_;
  bool is_choice_ = true;  // as far as the words go; then `words_` counts them
};

bool looks_like_id(std::string_view key);

}  // namespace poly::spec
