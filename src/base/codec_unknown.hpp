// The keys that a struct does not list. Decoding passes over them; a mistyped name is told to its writer.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/codec_described.hpp"
#include "base/json.hpp"

namespace poly::codec {

// Collects the keys of `json` that `T` does not list, as paths.
class UnknownKeys {
 public:
  explicit UnknownKeys(const Json& json, std::string path, std::vector<std::string>& out)
      : json_(json), path_(std::move(path)), out_(out) {}

  template <class T>
  void required(std::string_view key, T&) {
    known<std::remove_const_t<T>>(key);
  }
  template <class T>
  void optional(std::string_view key, T&) {
    known<std::remove_const_t<T>>(key);
  }

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
  if (const auto* member = find(json_, key))
    collect_unknown<T>(*member, path_ + "." + std::string(key), out_);
}

}  // namespace poly::codec
