#include "spec/json_schema_evidence.hpp"

#include <algorithm>
#include <array>

#include "spec/json_schema_format.hpp"

namespace poly::spec {
namespace {

using json_schema::format_check;

// In the order in which one of them is chosen.
constexpr auto known_formats = std::to_array<std::string_view>({"date-time", "date", "uuid", "email", "uri"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// `urn:a` and `mailto:x` are addresses too, but so is every word with a colon.
bool has_format(std::string_view format, std::string_view text) {
  if (format == "uri" && !text.starts_with("http://") && !text.starts_with("https://")) return false;
  return format_check(format)(text);
}

}  // namespace

void TextEvidence::add(std::string_view text) {
  if (seen_ == 0) formats_.assign(known_formats.begin(), known_formats.end());
  ++seen_;
  std::erase_if(formats_, [text](std::string_view format) { return !has_format(format, text); });
  count(text, 1);
}

void TextEvidence::merge(const TextEvidence& other) {
  if (other.seen_ == 0) return;
  if (seen_ == 0) {
    *this = other;
    return;
  }
  seen_ += other.seen_;
  std::erase_if(formats_, [&other](std::string_view format) {
    return std::ranges::find(other.formats_, format) == other.formats_.end();
  });
  if (!other.is_choice_) is_choice_ = false;
  for (const auto& [word, times] : other.words_) count(word, times);
}

void TextEvidence::count(std::string_view word, std::size_t times) {
  if (is_choice_ && !word.empty() && word.size() <= enum_value_bytes_max)
    words_[std::string(word)] += times;
  else
    is_choice_ = false;
  if (words_.size() > enum_values_max) is_choice_ = false;
  if (!is_choice_) words_.clear();
}

void TextEvidence::write(JsonObject& schema, bool nullable) const {
  if (!formats_.empty()) {
    schema["format"] = formats_.front();
    return;
  }
  const bool is_enough = seen_ >= enum_samples_min && words_.size() >= enum_values_min &&
                         seen_ >= words_.size() * enum_repeats_min;
  if (!is_choice_ || !is_enough) return;
  JsonArray values;
  for (const auto& [word, count] : words_) values.emplace_back(word);
  if (nullable) values.emplace_back(nullptr);
  schema["enum"] = std::move(values);
}

bool looks_like_id(std::string_view key) {
  if (key.empty()) return false;
  if (std::ranges::all_of(key, is_digit)) return true;
  if (format_check("uuid")(key) || format_check("date")(key)) return true;
  return key.size() >= hex_id_bytes_min && std::ranges::all_of(key, is_hex) &&
         std::ranges::any_of(key, is_digit);
}

}  // namespace poly::spec
