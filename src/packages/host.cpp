#include "packages/host.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii_case.hpp"

namespace poly::packages {
namespace fs = std::filesystem;
namespace {

// In lower case; tools take them in both.
constexpr auto passed_on = std::to_array<std::string_view>({
    "path",
    "java_home",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "ssl_cert_file",
    "ssl_cert_dir",
    "node_extra_ca_certs",
    "requests_ca_bundle",
    "npm_config_registry",
    "npm_config_cafile",
    "npm_config_proxy",
    "npm_config_https_proxy",
    "npm_config_noproxy",
    "npm_config_strict_ssl",
    "pip_index_url",
    "pip_extra_index_url",
    "pip_no_index",
    "pip_find_links",
    "pip_trusted_host",
    "pip_cert",
    "pip_client_cert",
    "pip_proxy",
    "pip_default_timeout",
    "maven_opts",
});

// The first of `candidates` that is there.
void choose(fs::path& chosen, std::initializer_list<fs::path> candidates) {
  if (!chosen.empty()) return;
  for (const auto& candidate : candidates) {
    std::error_code unknown;
    if (!fs::is_regular_file(candidate, unknown)) continue;
    chosen = candidate;
    return;
  }
}

}  // namespace

void take_from_host(PackageSettings& settings, const std::map<std::string, std::string>& environment) {
  for (const auto& [name, value] : environment) {
    if (std::ranges::find(passed_on, lower(name)) != passed_on.end())
      settings.environment.push_back(name + "=" + value);
  }
  const auto home = environment.find("HOME");
  if (home == environment.end() || home->second.empty()) return;
  const fs::path folder = home->second;
  choose(settings.npm_config, {folder / ".npmrc"});
  choose(settings.pip_config, {folder / ".config/pip/pip.conf", folder / ".pip/pip.conf"});
  choose(settings.maven_settings, {folder / ".m2/settings.xml"});
}

}  // namespace poly::packages
