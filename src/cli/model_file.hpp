// A file with a Specification Input (wire.md section 5.5): what `poly model generate` writes, people edit,
// and `validate` and `train` read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/codec.hpp"

namespace poly::cli {

// The entries stay as they are in the file, so that the server sees what the person wrote.
struct Model {
  std::string title;
  JsonArray functions;
  JsonArray webhooks;
  JsonArray schemas;
};

struct ReadModel {
  Model model;
  std::vector<std::string> unknown_keys;  // such as `$.functions[3].argments`
};

// Throws Failure that names the file and what is wrong with it.
ReadModel read_model(const std::filesystem::path& file);

}  // namespace poly::cli
