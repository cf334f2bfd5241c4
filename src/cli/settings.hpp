// Which server, and with which key: from the environment, else from the file that `poly login` wrote.
#pragma once

#include <filesystem>
#include <string>

#include "base/secret.hpp"
#include "cli/world.hpp"
#include "http/url.hpp"

namespace poly::cli {

struct ServerSettings {
  http::Url base_url;  // without `/` at the end of its path
  Secret api_key;      // empty when there is none
  std::string origin;  // where both come from, for `doctor`
};

// $XDG_CONFIG_HOME/openpoly/config.toml, else ~/.config/openpoly/config.toml.
std::filesystem::path settings_file(const World& world);

// POLY_API_BASE_URL and POLY_API_KEY win over the file; a key of the file goes only to the file's server.
// Throws Failure{bad_request} when no server is named, or a setting is wrong or unknown.
ServerSettings find_settings(const World& world);

// Readable by its owner only. Returns the file.
std::filesystem::path save_settings(const World& world, const http::Url& base_url, const Secret& api_key);

// `http://host:8000/` and `http://host:8000` are the same server.
http::Url parse_base_url(std::string_view text);
std::string base_url_text(const http::Url& base_url);

}  // namespace poly::cli
