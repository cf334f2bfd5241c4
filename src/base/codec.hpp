// Structs to JSON and back, from one list of fields.
//
// A struct takes part by naming its fields once:
//
//   struct Argument {
//     std::string name;
//     std::optional<std::string> description;
//
//     template <class Self, class Fields>
//     static void fields(Self& self, Fields& field) {
//       field.required("name", self.name);
//       field.optional("description", self.description);
//     }
//   };
//
// The same list serves decode() (unknown keys are ignored, every wrong one is named with its path, such
// as `$.arguments[2].type: expected string, got number`), encode(), decode_over() for partial updates, and
// schema_of() for the OpenAPI document. An enum takes part by a specialisation of `enum_words`.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/box.hpp"
#include "base/enum_words.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace poly {

// A JSON value kept as its text: small in memory, parsed only where it is needed. Empty means absent.
struct JsonText {
  std::string text;

  bool empty() const { return text.empty(); }
  Json parsed() const { return text.empty() ? Json() : parse_json(text, "stored JSON").value(); }
  static JsonText of(const Json& value) { return {to_text(value)}; }
  bool operator==(const JsonText&) const = default;
};

namespace codec {

struct AnyFields {
  template <class T>
  void required(std::string_view, T&) {}
  template <class T>
  void optional(std::string_view, T&) {}
};

template <class T>
concept Described = requires(T& value, AnyFields& fields) { T::fields(value, fields); };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional<Box<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_text_map = false;
template <class T>
inline constexpr bool is_text_map<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

std::string_view kind_name(const Json& value);  // "string", "number", "null" …

// Where the reader stands and everything that was wrong so far.
class Problems {
 public:
  static constexpr std::size_t problems_max = 20;

  std::size_t push(std::string_view member);
  std::size_t push(std::size_t index);
  void pop(std::size_t mark) { path_.resize(mark); }
  void add(std::string_view reason);
  void expected(std::string_view what, const Json& got);
  bool none() const { return lines_.empty(); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string path_ = "$";
  std::vector<std::string> lines_;
};

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

template <class T>
void write(Json& json, const T& value);

class Writer {
 public:
  explicit Writer(JsonObject& object) : object_(object) {}

  template <class T>
  void required(std::string_view key, const T& value) { write(object_[key], value); }

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

// Writes JSON text directly: stored JSON texts go in as they are.
template <class T>
void write_text(std::string& out, const T& value);

class TextWriter {
 public:
  explicit TextWriter(std::string& out) : out_(out) {}

  template <class T>
  void required(std::string_view key, const T& value) { member(key, value); }

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
  void optional(std::string_view key, T&) { properties_[key] = schema_for<std::remove_const_t<T>>(); }

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

// Collects the keys of `json` that `T` does not list, as paths.
class UnknownKeys {
 public:
  explicit UnknownKeys(const Json& json, std::string path, std::vector<std::string>& out)
      : json_(json), path_(std::move(path)), out_(out) {}

  template <class T>
  void required(std::string_view key, T&) { known<std::remove_const_t<T>>(key); }
  template <class T>
  void optional(std::string_view key, T&) { known<std::remove_const_t<T>>(key); }

  void finish() {
    const auto* object = json_.if_object();
    if (!object) return;
    for (const auto& [key, member] : *object) {
      if (!known_.contains(key)) out_.push_back(path_ + "." + std::string(key));
    }
  }

 private:
  template <class T>
  void known(std::string_view key);

  const Json& json_;
  std::string path_;
  std::vector<std::string>& out_;
  std::map<std::string, bool, std::less<>> known_;
};

template <class T>
void collect_unknown(const Json& json, const std::string& path, std::vector<std::string>& out) {
  if constexpr (Described<T>) {
    T value{};
    UnknownKeys keys(json, path, out);
    T::fields(value, keys);
    keys.finish();
  } else if constexpr (is_optional<T>) {
    collect_unknown<typename T::value_type>(json, path, out);
  } else if constexpr (is_vector<T>) {
    const auto* array = json.if_array();
    for (std::size_t i = 0; array && i < array->size(); ++i) {
      collect_unknown<typename T::value_type>((*array)[i], path + "[" + std::to_string(i) + "]", out);
    }
  }
}

template <class T>
void UnknownKeys::known(std::string_view key) {
  known_.emplace(key, true);
  if (const auto* member = find(json_, key)) collect_unknown<T>(*member, path_ + "." + std::string(key), out_);
}

Error wrong_fields(Problems problems);

}  // namespace codec

template <class T>
Result<T> decode(const Json& json) {
  T value{};
  codec::Problems problems;
  codec::read(json, value, problems, codec::Mode::whole);
  if (!problems.none()) return std::unexpected(codec::wrong_fields(std::move(problems)));
  return value;
}

// `current` with the fields that `json` has; the rest stays. For PATCH.
template <class T>
Result<T> decode_over(T current, const Json& json) {
  codec::Problems problems;
  codec::read(json, current, problems, codec::Mode::partial);
  if (!problems.none()) return std::unexpected(codec::wrong_fields(std::move(problems)));
  return current;
}

template <class T>
Json encode(const T& value) {
  Json json;
  codec::write(json, value);
  return json;
}

// The same as text, without a tree in between.
template <class T>
std::string encode_text(const T& value) {
  std::string out;
  codec::write_text(out, value);
  return out;
}

// The JSON Schema of a described struct.
template <class T>
Json schema_of() { return codec::schema_for<T>(); }

// Paths of the keys in `json` that decode<T>() ignores, such as `$.argments`.
template <class T>
std::vector<std::string> unknown_keys(const Json& json) {
  std::vector<std::string> out;
  codec::collect_unknown<T>(json, "$", out);
  return out;
}

}  // namespace poly
