// SHA-256 in lower-case hex: names for content, which change with it.
#pragma once

#include <string>
#include <string_view>

namespace poly {

std::string sha256_hex(std::string_view content);

}  // namespace poly
