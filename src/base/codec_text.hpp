// Structs into JSON text without a tree in between. JSON that is kept as text goes in as it is.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/codec_described.hpp"
#include "base/codec_encode.hpp"
#include "base/enum_words.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"

namespace poly::codec {

template <class T>
void write_text(std::string& out, const T& value);

class TextWriter {
 public:
  explicit TextWriter(std::string& out) : out_(out) {}

  template <class T>
  void required(std::string_view key, const T& value) {
    member(key, value);
  }

  template <class T>
  void optional(std::string_view key, const T& value) {
    if constexpr (is_optional<T>) {
      if (value) member(key, *value);
    } else if constexpr (std::is_same_v<T, Json>) {
      if (!value.is_null()) member(key, value);
    } else if constexpr (std::is_same_v<T, JsonText>) {
      if (!value.empty()) member(key, value);
    } else {
      member(key, value);
    }
  }

 private:
  template <class T>
  void member(std::string_view key, const T& value) {
    if (!first_) out_.push_back(',');
    first_ = false;
    append_quoted(out_, key);
    out_.push_back(':');
    write_text(out_, value);
  }

  std::string& out_;
  bool first_ = true;
};

template <class T>
void write_text(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, JsonText>) {
    out += value.empty() ? std::string_view("null") : std::string_view(value.text);
  } else if constexpr (is_optional<T>) {
    if (value) {
      write_text(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (is_vector<T>) {
    out.push_back('[');
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i) out.push_back(',');
      write_text(out, value[i]);
    }
    out.push_back(']');
  } else if constexpr (is_text_map<T>) {
    out.push_back('{');
    bool first = true;
    for (const auto& [key, item] : value) {
      if (!first) out.push_back(',');
      first = false;
      append_quoted(out, key);
      out.push_back(':');
      write_text(out, item);
    }
    out.push_back('}');
  } else if constexpr (Described<T>) {
    out.push_back('{');
    TextWriter writer(out);
    T::fields(value, writer);
    out.push_back('}');
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    out += std::to_string(value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    append_quoted(out, value);
  } else if constexpr (WordEnum<T>) {
    append_quoted(out, word_of(value));
  } else {
    Json json;
    write(json, value);
    out += to_text(json);
  }
}

}  // namespace poly::codec
