// The settings of polyd: one list of them, read from defaults, a TOML file, environment variables and
// options, the later winning.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "catalog/revision_history.hpp"
#include "http/address_filter.hpp"
#include "outbound/api_caller.hpp"
#include "packages/settings.hpp"
#include "runtime/settings.hpp"

namespace poly::server {

struct Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;
  std::string public_url;  // what webhooks' addresses begin with; made from address and port when empty
  std::filesystem::path data = "openpoly-data";
  std::size_t loops = 0;  // 0: one for each core
  std::chrono::milliseconds drain_limit{30'000};
  std::chrono::milliseconds stalled_reader_limit{30'000};
  LogLevel log_level = LogLevel::info;
  std::optional<Secret> bootstrap_key;
  std::optional<Secret> vault_key;
  std::vector<http::Network> allowed_networks;
  std::string ca_file;
  outbound::ApiSettings outbound;
  runtime::RuntimeSettings runtime;
  bool sandbox = true;  // false: workers may do what the user of polyd may
  process::SandboxLevel sandbox_required = process::SandboxLevel::none;
  std::uint32_t sandbox_first_user = process::first_user_default;
  packages::PackageSettings packages;
  std::size_t revisions_kept = catalog::revisions_kept_default;  // of each server function
};

// A setting by its name in the file (`outbound.allow_networks`); its environment twin is
// POLY_OUTBOUND_ALLOW_NETWORKS.
struct SettingDescription {
  std::string name;
  std::string help;
  std::function<Result<void>(Settings&, const std::string& value)> apply;
  bool only_environment = false;  // secrets do not belong into a file
};

const std::vector<SettingDescription>& setting_descriptions();
std::string environment_name(const std::string& setting);

// Where the parts that polyd starts lie, as seen from the program's own place.
void find_parts(Settings& settings, const std::filesystem::path& program);

// Unknown names and wrong values are refused, saying which and what would be right.
Result<void> apply_file(Settings& settings, const std::filesystem::path& file);
// `environment` are the variables that begin with POLY_.
Result<void> apply_environment(Settings& settings, const std::map<std::string, std::string>& environment);
// What the parts that install packages take from the other settings and from the host, whose whole environment this
// is. After all of the above.
void settle_packages(Settings& settings, const std::map<std::string, std::string>& environment);
Result<void> apply_listen(Settings& settings, const std::string& host_and_port);

}  // namespace poly::server
