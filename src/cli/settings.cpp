#include "cli/settings.hpp"

#include <sstream>

#include <toml++/toml.h>

#include "cli/files.hpp"

namespace poly::cli {
namespace {

constexpr std::string_view url_setting = "api_base_url";
constexpr std::string_view key_setting = "api_key";

struct StoredSettings {
  std::string base_url;
  std::string api_key;
};

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view reason) {
  throw Failure(ErrorKind::bad_request, file.string() + ": " + std::string(reason));
}

StoredSettings read_settings(const std::filesystem::path& file) {
  StoredSettings stored;
  if (!std::filesystem::exists(file)) return stored;
  toml::table table;
  try {
    table = toml::parse(read_file(file));
  } catch (const toml::parse_error& problem) {
    refuse(file,
           "line " + std::to_string(problem.source().begin.line) + ": " + std::string(problem.description()));
  }
  for (const auto& [key, value] : table) {
    const auto text = value.value<std::string>();
    if (key.str() != url_setting && key.str() != key_setting)
      refuse(file, "unknown setting '" + std::string(key.str()) + "'; known are api_base_url and api_key");
    if (!text) refuse(file, std::string(key.str()) + " must be a text in quotes");
    (key.str() == url_setting ? stored.base_url : stored.api_key) = *text;
  }
  return stored;
}

}  // namespace

std::filesystem::path settings_file(const World& world) {
  if (const auto* folder = world.setting("XDG_CONFIG_HOME"))
    return std::filesystem::path(*folder) / "openpoly/config.toml";
  if (const auto* home = world.setting("HOME"))
    return std::filesystem::path(*home) / ".config/openpoly/config.toml";
  throw Failure(ErrorKind::bad_request,
                "neither HOME nor XDG_CONFIG_HOME is set, so there is no place for the configuration; set "
                "POLY_API_BASE_URL and POLY_API_KEY instead");
}

ServerSettings find_settings(const World& world) {
  const auto* url = world.setting("POLY_API_BASE_URL");
  const auto* key = world.setting("POLY_API_KEY");
  if (url && key) return {parse_base_url(*url), Secret(*key), "the environment"};
  const auto file = settings_file(world);
  const auto stored = read_settings(file);
  if (!url && stored.base_url.empty()) {
    throw Failure(ErrorKind::bad_request,
                  "no server is named; run `poly login URL` or set POLY_API_BASE_URL and POLY_API_KEY");
  }
  if (!url) {
    auto api_key = Secret(key ? *key : stored.api_key);
    return {parse_base_url(stored.base_url), std::move(api_key), file.string()};
  }
  auto base_url = parse_base_url(*url);
  const bool stored_for_it = !stored.base_url.empty() && parse_base_url(stored.base_url) == base_url;
  return {std::move(base_url), Secret(stored_for_it ? stored.api_key : std::string()),
          stored_for_it ? "the environment and " + file.string() : "the environment"};
}

std::filesystem::path save_settings(const World& world, const http::Url& base_url, const Secret& api_key) {
  const toml::table table{{url_setting, base_url_text(base_url)},
                          {key_setting, std::string(api_key.reveal())}};
  std::ostringstream text;
  text << "# Written by `poly login`. The key gives access: keep this file to yourself.\n" << table << '\n';
  const auto file = settings_file(world);
  write_file(file, text.str(), FileAccess::owner_only);
  return file;
}

http::Url parse_base_url(std::string_view text) {
  auto url = value_or_throw(http::parse_url(text));
  if (url.target.find('?') != std::string::npos)
    throw Failure(ErrorKind::bad_request,
                  "'" + std::string(text) + "': the address of a server has no query");
  while (url.target.ends_with('/')) url.target.pop_back();
  return url;
}

std::string base_url_text(const http::Url& base_url) {
  return base_url.origin.text() + base_url.target;
}

}  // namespace poly::cli
