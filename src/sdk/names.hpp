// Names of the catalog as names of TypeScript, JavaScript and of files.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace poly::sdk {

// `order-item` and `order item` become `OrderItem`; never empty, never starts with a digit.
std::string pascal_case(std::string_view text);

bool is_identifier(std::string_view text);  // of ASCII letters, digits, `_` and `$`

// A name for a parameter: `user-id` becomes `user_id`, `class` becomes `class_`.
std::string parameter_name(std::string_view text);

// A name in front of a `:` in a type: quoted when it has to be.
std::string property_key(std::string_view text);

// Hands out each name once; who asks later for the same gets it with a number.
class UniqueNames final {
 public:
  void reserve(std::string_view name) { taken_.emplace(name); }
  std::string unique(std::string name);

 private:
  std::unordered_set<std::string> taken_;
};

// The same for files: safe on every file system, also on one that does not tell `A` from `a`.
class UniqueFileNames final {
 public:
  static constexpr std::size_t stem_length_max = 100;

  void reserve(std::string_view stem) { names_.reserve(stem); }
  std::string unique(std::string_view stem);

 private:
  UniqueNames names_;
};

}  // namespace poly::sdk
