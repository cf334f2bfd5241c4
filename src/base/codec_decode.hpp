// JSON into structs. Reading goes on after a problem, so that the caller learns of all of them at once.
#pragma once

#include <concepts>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/codec_described.hpp"
#include "base/codec_problems.hpp"
#include "base/enum_words.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace poly::codec {

enum class Mode {
  whole,    // a missing required field is a problem
  partial,  // what is missing stays as it is
};

template <class T>
void read(const Json& json, T& out, Problems& problems, Mode mode);

class Reader {
 public:
  Reader(const JsonObject& object, Problems& problems, Mode mode)
      : object_(object), problems_(problems), mode_(mode) {}

  template <class T>
  void required(std::string_view key, T& out) {
    if (const auto* member = object_.if_contains(key)) return member_into(key, *member, out);
    if (mode_ == Mode::partial) return;
    const auto mark = problems_.push(key);
    problems_.add("is missing");
    problems_.pop(mark);
  }

  // Missing and null both leave the value as it is (an std::optional is emptied by null).
  template <class T>
  void optional(std::string_view key, T& out) {
    const auto* member = object_.if_contains(key);
    if (!member) return;
    if constexpr (std::is_same_v<T, JsonText>) {
      if (member->is_null()) return out.text.clear();
    } else if constexpr (!is_optional<T> && !std::is_same_v<T, Json>) {
      if (member->is_null()) return;
    }
    member_into(key, *member, out);
  }

 private:
  template <class T>
  void member_into(std::string_view key, const Json& member, T& out) {
    const auto mark = problems_.push(key);
    read(member, out, problems_, mode_);
    problems_.pop(mark);
  }

  const JsonObject& object_;
  Problems& problems_;
  Mode mode_;
};

template <std::integral T>
void read_integer(const Json& json, T& out, Problems& problems) {
  boost::json::error_code problem;
  const auto number = json.to_number<T>(problem);
  if (!json.is_number()) return problems.expected("integer", json);
  if (problem) return problems.add("is not a whole number in range");
  out = number;
}

template <class T>
void read_vector(const Json& json, std::vector<T>& out, Problems& problems) {
  const auto* array = json.if_array();
  if (!array) return problems.expected("array", json);
  std::vector<T> items(array->size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto mark = problems.push(i);
    read((*array)[i], items[i], problems, Mode::whole);
    problems.pop(mark);
  }
  out = std::move(items);
}

template <class T>
void read_map(const Json& json, std::map<std::string, T>& out, Problems& problems) {
  const auto* object = json.if_object();
  if (!object) return problems.expected("object", json);
  std::map<std::string, T> items;
  for (const auto& [key, member] : *object) {
    const auto mark = problems.push(key);
    read(member, items[std::string(key)], problems, Mode::whole);
    problems.pop(mark);
  }
  out = std::move(items);
}

template <class T>
void read(const Json& json, T& out, Problems& problems, Mode mode) {
  if constexpr (std::is_same_v<T, Json>) {
    out = json;
  } else if constexpr (std::is_same_v<T, JsonText>) {
    out = JsonText::of(json);
  } else if constexpr (std::is_same_v<T, JsonObject>) {
    if (!json.is_object()) return problems.expected("object", json);
    out = json.get_object();
  } else if constexpr (is_optional<T>) {
    if (json.is_null()) return out.reset();
    typename T::value_type value{};
    if (mode == Mode::partial && out) value = *out;
    read(json, value, problems, mode);
    out = std::move(value);
  } else if constexpr (is_vector<T>) {
    read_vector(json, out, problems);
  } else if constexpr (is_text_map<T>) {
    read_map(json, out, problems);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_bool()) return problems.expected("boolean", json);
    out = json.get_bool();
  } else if constexpr (std::integral<T>) {
    read_integer(json, out, problems);
  } else if constexpr (std::floating_point<T>) {
    if (!json.is_number()) return problems.expected("number", json);
    out = json.to_number<T>();
  } else if constexpr (Described<T>) {
    if (!json.is_object()) return problems.expected("object", json);
    Reader reader(json.get_object(), problems, mode);
    T::fields(out, reader);
  } else {
    const auto* text = json.if_string();
    if (!text) return problems.expected("string", json);
    if constexpr (std::is_same_v<T, std::string>) {
      out.assign(text->data(), text->size());
    } else if constexpr (std::is_same_v<T, Secret>) {
      out = Secret(std::string(*text));
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      auto time = parse_iso(*text);
      if (!time) return problems.add(time.error().message);
      out = *time;
    } else if constexpr (is_id<T>) {
      auto id = T::parse(*text);
      if (!id) return problems.add("is not a UUID");
      out = *id;
    } else {
      static_assert(WordEnum<T>, "give this type a fields() or enum_words");
      auto value = enum_of<T>(*text);
      if (!value) return problems.add("'" + std::string(*text) + "' is not one of " + words_listed<T>());
      out = *value;
    }
  }
}

}  // namespace poly::codec
