// Which types the codec knows, asked at compile time: structs that list their fields, and the containers and
// ids of base.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/box.hpp"
#include "base/id.hpp"

namespace poly::codec {

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

}  // namespace poly::codec
