// Type expressions that come as text (`plain` types and `typeName`s, wire.md section 3.2), such as
// `Promise<string | null>`. They are let into a declaration file only when they are whole and name
// nothing that is not there: one unknown word would make the project's type check fail.
#pragma once

#include <optional>
#include <string_view>

#include "sdk/type_text.hpp"

namespace poly::sdk {

inline constexpr std::size_t type_expression_bytes_max = 4000;
inline constexpr std::size_t type_expression_depth_max = 40;

std::optional<TypeText> checked_type_expression(std::string_view text);

// `T` for a type that reads `Promise<T>`, else the type itself.
TypeText awaited(const TypeText& type);

}  // namespace poly::sdk
