#include "sdk/package_files.hpp"

#include "sdk/package_text.hpp"

namespace poly::sdk {
namespace {

// `import` and `require` each have their own file and their own types: one declaration file for both would
// tell half of the projects that the default export is somewhere else.
JsonObject manifest(std::string_view name, std::string_view description, const TypeScriptOptions& options) {
  const JsonObject by_import{{"types", "./index.d.mts"}, {"default", "./index.mjs"}};
  const JsonObject by_require{{"types", "./index.d.ts"}, {"default", "./index.js"}};
  JsonObject exports{{".", JsonObject{{"import", by_import}, {"require", by_require}}}};
  exports["./package.json"] = "./package.json";
  return {{"name", name},
          {"version", options.package_version},
          {"description", description},
          {"private", true},
          {"type", "commonjs"},
          {"main", "./index.js"},
          {"types", "./index.d.ts"},
          {"exports", std::move(exports)}};
}

GeneratedFile json_file(std::string path, const Json& content) {
  return {std::move(path), to_pretty_text(content) + "\n"};
}

// `index.d.mts` says the same as `index.d.ts`; the ending tells the compiler which way of loading it is for.
std::string twin_path(std::string_view path) {
  constexpr std::string_view ending = "index.d.ts";
  return std::string(path.substr(0, path.size() - ending.size())) + "index.d.mts";
}

}  // namespace

std::vector<GeneratedFile> package_files(const TypeScriptOptions& options) {
  std::vector<GeneratedFile> files;
  for (const auto& [path, text] : package_texts()) {
    files.push_back({std::string(path), std::string(text)});
    if (path.ends_with("/index.d.ts")) files.push_back({twin_path(path), std::string(text)});
  }
  auto main = manifest("openpoly", "The catalog of your environment, as functions", options);
  main["exports"].as_object()["./specs.json"] = "./specs.json";
  files.push_back(json_file("openpoly/package.json", main));
  auto alias = manifest("polyapi", "Another name of openpoly", options);
  alias["dependencies"] = JsonObject{{"openpoly", options.package_version}};
  files.push_back(json_file("polyapi/package.json", alias));
  const JsonObject defaults{{"baseUrl", options.base_url}, {"clientId", options.client_id}};
  files.push_back(json_file("openpoly/defaults.json", defaults));
  return files;
}

GeneratedFile specs_file(const Json& specs) {
  std::string text = "[";
  for (const auto& entry : specs.as_array()) {
    text += text.size() > 1 ? ",\n" : "\n";
    const auto* variable = find(entry, "variable");
    if (!variable || !variable->is_object()) {
      text += to_text(entry);
      continue;
    }
    auto without_value = entry;
    without_value.as_object()["variable"].as_object().erase("value");
    text += to_text(without_value);
  }
  return {"openpoly/specs.json", text + "\n]\n"};
}

}  // namespace poly::sdk
