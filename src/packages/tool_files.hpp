// What the package tools may read besides the system, and their configuration where they can read it.
#pragma once

#include <filesystem>
#include <vector>

#include "packages/settings.hpp"

namespace poly::packages {

// The tools themselves, and the files that their configuration and environment name (certificates, folders
// of wheels). Only what is there. Blocks.
std::vector<std::filesystem::path> readable_by_tools(const PackageSettings& settings);

// Of all tools, with their caches. It is another one when the tools are in a sandbox, where they may be
// another user.
std::filesystem::path shared_home(const PackageSettings& settings);

// The configuration that `settings` name, copied into a run's scratch folder, since only the user of polyd
// may read the original: empty where there is none. What is there already stays. Throws Failure. Blocks.
void copy_configuration(const PackageSettings& settings, const std::filesystem::path& work);
std::filesystem::path npm_config_in(const std::filesystem::path& work);
std::filesystem::path pip_config_in(const std::filesystem::path& work);
std::filesystem::path maven_settings_in(const std::filesystem::path& work);

}  // namespace poly::packages
