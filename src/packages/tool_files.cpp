#include "packages/tool_files.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "packages/layer_folder.hpp"
#include "process/installation.hpp"

namespace poly::packages {
namespace fs = std::filesystem;
namespace {

// Configuration for all users of the machine (npm's lies with npm), and what pip tells an index of the
// system.
constexpr auto shared_files =
    std::to_array<std::string_view>({"/etc/pip.conf", "/etc/xdg/pip", "/etc/maven", "/etc/os-release",
                                     "/etc/lsb-release", "/etc/debian_version", "/etc/redhat-release"});
constexpr std::string_view java_configuration = "java-";  // Debian: /etc/java-17-openjdk

// `cafile=/some/where` of an npmrc or a pip.conf, and of the environment.
fs::path named_by(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  line.remove_prefix(equals + 1);
  const auto first = line.find_first_not_of(" \t\"'");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r\"'") + 1 - first);
}

bool holds(const fs::path& folder, const fs::path& other) {
  const auto up = other.lexically_relative(folder);
  return !up.empty() && *up.begin() != "..";
}

// All that the configuration and the environment name, but for what would show polyd's own data.
std::vector<fs::path> named_in(const PackageSettings& settings) {
  std::vector<fs::path> paths;
  for (const auto& variable : settings.environment) paths.push_back(named_by(variable));
  for (const auto& configuration : {settings.npm_config, settings.pip_config}) {
    if (configuration.empty()) continue;
    std::istringstream lines(read_file(configuration));
    for (std::string line; std::getline(lines, line);) paths.push_back(named_by(line));
  }
  std::erase_if(paths, [&settings](const fs::path& path) {
    return !path.is_absolute() || holds(path.lexically_normal(), settings.data.lexically_normal());
  });
  return paths;
}

void add_java_configurations(std::vector<fs::path>& paths) {
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator("/etc", unreadable)) {
    if (entry.path().filename().string().starts_with(java_configuration)) paths.push_back(entry.path());
  }
}

void copy_once(const fs::path& original, const fs::path& place) {
  std::error_code unknown;
  if (original.empty() || fs::exists(fs::symlink_status(place, unknown))) return;
  write_file(place, read_file(original));
}

}  // namespace

std::vector<fs::path> readable_by_tools(const PackageSettings& settings) {
  std::vector<fs::path> paths;
  for (const auto& program : {settings.node, settings.python, settings.maven}) {
    for (auto& installation : process::installations_of(program)) paths.push_back(std::move(installation));
  }
  paths.push_back(settings.npm.parent_path().parent_path());
  paths.insert(paths.end(), shared_files.begin(), shared_files.end());
  add_java_configurations(paths);
  const auto named = named_in(settings);
  paths.insert(paths.end(), named.begin(), named.end());
  std::erase_if(paths, [](const auto& path) {
    std::error_code absent;
    return path.empty() || !fs::exists(path, absent);
  });
  std::ranges::sort(paths);
  const auto twice = std::ranges::unique(paths);
  paths.erase(twice.begin(), twice.end());
  return paths;
}

fs::path shared_home(const PackageSettings& settings) {
  return cache_folder(fs::absolute(settings.data)) / (settings.sandbox_host ? "sandboxed" : "free");
}

fs::path npm_config_in(const fs::path& work) {
  return work / "npmrc";
}
fs::path pip_config_in(const fs::path& work) {
  return work / "pip.conf";
}
fs::path maven_settings_in(const fs::path& work) {
  return work / "settings.xml";
}

void copy_configuration(const PackageSettings& settings, const fs::path& work) {
  copy_once(settings.npm_config, npm_config_in(work));
  copy_once(settings.pip_config, pip_config_in(work));
  copy_once(settings.maven_settings, maven_settings_in(work));
}

}  // namespace poly::packages
