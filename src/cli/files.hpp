// Files that a person names: read whole, written whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace poly::cli {

inline constexpr std::uintmax_t file_bytes_max = std::uintmax_t{64} << 20;

// All of these throw Failure that names the file and the reason.
std::string read_file(const std::filesystem::path& file);
Json read_json_file(const std::filesystem::path& file);

enum class FileAccess { everyone, owner_only };

// Appears whole or not at all: written beside its place, then moved there. Makes the folder when missing.
void write_file(const std::filesystem::path& file, std::string_view content,
                FileAccess access = FileAccess::everyone);

}  // namespace poly::cli
