// Words that may stand in a header line as they are (RFC 9110, section 5.6.2).
#pragma once

#include <algorithm>
#include <string_view>

namespace poly::training {

inline bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  const auto is_allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.contains(c);
  };
  return !text.empty() && std::ranges::all_of(text, is_allowed);
}

}  // namespace poly::training
