// Structs into a tree of JSON, for values that somebody changes or looks into before they leave.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/codec_described.hpp"
#include "base/enum_words.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

namespace poly::codec {

template <class T>
void write(Json& json, const T& value);

class Writer {
 public:
  explicit Writer(JsonObject& object) : object_(object) {}

  template <class T>
  void required(std::string_view key, const T& value) {
    write(object_[key], value);
  }

  template <class T>
  void optional(std::string_view key, const T& value) {
    if constexpr (is_optional<T>) {
      if (value) write(object_[key], *value);
    } else if constexpr (std::is_same_v<T, Json>) {
      if (!value.is_null()) object_[key] = value;
    } else if constexpr (std::is_same_v<T, JsonText>) {
      if (!value.empty()) object_[key] = value.parsed();
    } else {
      write(object_[key], value);
    }
  }

 private:
  JsonObject& object_;
};

template <class T>
void write(Json& json, const T& value) {
  if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, JsonObject> || std::is_same_v<T, bool> ||
                std::is_arithmetic_v<T>) {
    json = value;
  } else if constexpr (std::is_same_v<T, JsonText>) {
    json = value.parsed();
  } else if constexpr (is_optional<T>) {
    if (value) write(json, *value);
  } else if constexpr (is_vector<T>) {
    auto& array = json.emplace_array();
    array.reserve(value.size());
    for (const auto& item : value) write(array.emplace_back(nullptr), item);
  } else if constexpr (is_text_map<T>) {
    auto& object = json.emplace_object();
    for (const auto& [key, item] : value) write(object[key], item);
  } else if constexpr (Described<T>) {
    Writer writer(json.emplace_object());
    T::fields(value, writer);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    json = std::string_view(value);
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    json = to_iso(value);
  } else if constexpr (is_id<T>) {
    json = value.text();
  } else {
    static_assert(WordEnum<T>, "a Secret is never written; give other types fields() or enum_words");
    json = word_of(value);
  }
}

}  // namespace poly::codec
