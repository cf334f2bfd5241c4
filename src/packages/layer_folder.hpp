// Layers as folders: made beside their place, sealed, and moved there whole, so that whatever has a layer's
// name is complete. All of these block; call them on the blocking pool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace poly::packages {

std::filesystem::path layers_folder(const std::filesystem::path& data);
std::filesystem::path cache_folder(const std::filesystem::path& data);  // of the tools, and their home

// Makes both folders when missing, removes what an earlier process left unfinished, and gives the hashes of
// the layers that are there.
std::vector<std::string> open_folders(const std::filesystem::path& data);

// Makes a folder and those above it. Throws Failure (unavailable) when the disk does not let it.
void make_folder(const std::filesystem::path& folder);
// A new file that everybody may read. Throws when something has its name already: a tool may have put a link
// to somewhere else there.
void write_file(const std::filesystem::path& file, std::string_view text);
std::string read_file(const std::filesystem::path& file);
// What a tool wrote, which must be a file of its own and no link to somewhere else.
std::string read_written(const std::filesystem::path& file);

std::uintmax_t bytes_below(const std::filesystem::path& folder);
// Throws too_large.
void require_light(std::uintmax_t bytes, std::size_t bytes_max);

// It is polyd's, nobody may write any more, everybody may read.
void make_read_only(const std::filesystem::path& folder);
// Puts a finished layer in its place, on the disk first. When one is there already, that one stays.
void move_into_place(const std::filesystem::path& fresh, const std::filesystem::path& place);

void remove_tree(const std::filesystem::path& folder);

}  // namespace poly::packages
