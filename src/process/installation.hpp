// Where a program lies with all that it was installed with: what a sandbox lets it read.
#pragma once

#include <filesystem>
#include <vector>

namespace poly::process {

// The folder above its bin/, else itself; and the same of what its name stands for, which may lie elsewhere.
std::vector<std::filesystem::path> installations_of(const std::filesystem::path& program);

}  // namespace poly::process
