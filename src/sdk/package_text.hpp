// The files of the generated packages that are the same for everyone. They are real files, in `package/`,
// and become part of the program when it is built (room.cmake).
#pragma once

#include <span>
#include <string_view>

namespace poly::sdk {

struct PackageText {
  std::string_view path;  // relative to node_modules
  std::string_view text;
};

std::span<const PackageText> package_texts();

}  // namespace poly::sdk
