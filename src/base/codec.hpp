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

#include <string>
#include <utility>
#include <vector>

#include "base/codec_decode.hpp"
#include "base/codec_encode.hpp"
#include "base/codec_schema.hpp"
#include "base/codec_text.hpp"
#include "base/codec_unknown.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"

namespace poly {

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
Json schema_of() {
  return codec::schema_for<T>();
}

// Paths of the keys in `json` that decode<T>() ignores, such as `$.argments`.
template <class T>
std::vector<std::string> unknown_keys(const Json& json) {
  std::vector<std::string> out;
  codec::collect_unknown<T>(json, "$", out);
  return out;
}

}  // namespace poly
