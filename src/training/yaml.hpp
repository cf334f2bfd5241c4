// YAML 1.2 to JSON, by the core schema: only true, false, null and numbers that are not quoted are
// anything but text, so that `no`, `on` and `2024-01-01` stay what their author typed.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace poly::training {

// Values in the tree, those that an alias repeats counted each time: a few lines of nested aliases would
// otherwise fill the memory.
inline constexpr std::size_t yaml_values_max = 4'000'000;

// One document. Aliases are copied and merge keys (`<<`) merged. Errors name line and column.
Result<Json> parse_yaml(std::string_view text, boost::json::storage_ptr storage);

// What a scalar without quotes means. `.inf` and `.nan` have no JSON and are an error.
Result<Json> plain_scalar(std::string_view text, boost::json::storage_ptr storage);

}  // namespace poly::training
