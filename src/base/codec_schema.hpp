// The JSON Schema of a struct, for the OpenAPI document of our own API.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/codec_described.hpp"
#include "base/enum_words.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

namespace poly::codec {

template <class T>
Json schema_for();

class SchemaWriter {
 public:
  template <class T>
  void required(std::string_view key, T&) {
    properties_[key] = schema_for<std::remove_const_t<T>>();
    required_.emplace_back(key);
  }
  template <class T>
  void optional(std::string_view key, T&) {
    properties_[key] = schema_for<std::remove_const_t<T>>();
  }

  Json finish() && {
    JsonObject schema{{"type", "object"}, {"properties", std::move(properties_)}};
    if (!required_.empty()) schema["required"] = std::move(required_);
    return schema;
  }

 private:
  JsonObject properties_;
  JsonArray required_;
};

template <class T>
Json schema_for() {
  if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, JsonText>) {
    return JsonObject{};
  } else if constexpr (is_optional<T>) {
    return schema_for<typename T::value_type>();
  } else if constexpr (is_vector<T>) {
    return JsonObject{{"type", "array"}, {"items", schema_for<typename T::value_type>()}};
  } else if constexpr (is_text_map<T>) {
    return JsonObject{{"type", "object"}, {"additionalProperties", schema_for<typename T::mapped_type>()}};
  } else if constexpr (std::is_same_v<T, JsonObject>) {
    return JsonObject{{"type", "object"}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return JsonObject{{"type", "boolean"}};
  } else if constexpr (std::integral<T>) {
    return JsonObject{{"type", "integer"}};
  } else if constexpr (std::floating_point<T>) {
    return JsonObject{{"type", "number"}};
  } else if constexpr (Described<T>) {
    // A struct that contains itself is described once; further down it is any object.
    thread_local bool inside = false;
    if (inside) return JsonObject{{"type", "object"}};
    inside = true;
    T value{};
    SchemaWriter writer;
    T::fields(value, writer);
    inside = false;
    return std::move(writer).finish();
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return JsonObject{{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (is_id<T>) {
    return JsonObject{{"type", "string"}, {"format", "uuid"}};
  } else if constexpr (WordEnum<T>) {
    JsonArray words;
    for (const auto& entry : enum_words<T>) words.emplace_back(entry.word);
    return JsonObject{{"type", "string"}, {"enum", std::move(words)}};
  } else {
    return JsonObject{{"type", "string"}};
  }
}

}  // namespace poly::codec
