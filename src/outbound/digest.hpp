// What several texts are together, as a key to find things by: credentials can be compared and looked up
// without being kept.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace poly::outbound {

using Digest = std::array<std::uint8_t, 32>;

struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t start = 0;
    std::memcpy(&start, digest.data(), sizeof start);
    return start;
  }
};

// Equal for equal texts in the same order, within this process.
Digest digest_of(std::initializer_list<std::string_view> parts);

}  // namespace poly::outbound
