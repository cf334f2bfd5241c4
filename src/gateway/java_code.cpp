#include "gateway/java_code.hpp"

#include "base/codec.hpp"

namespace poly::gateway {

std::optional<JavaCode> java_code(std::string_view code) {
  // No source in Java begins like this.
  if (!code.starts_with('{')) return std::nullopt;
  return value_or_throw(decode<JavaCode>(value_or_throw(parse_json(code, "$.code"))));
}

}  // namespace poly::gateway
