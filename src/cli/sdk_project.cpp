#include "cli/sdk_project.hpp"

#include <algorithm>
#include <map>

#include <unistd.h>

#include "base/id.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/resource_kind.hpp"

namespace poly::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view specs_path = "openpoly/specs.json";
constexpr std::string_view selection_path = "openpoly/selection.json";

// A package of a registry is never private, one that was generated always is.
bool installed_from_elsewhere(const fs::path& package) {
  if (!fs::exists(package / "package.json")) return fs::exists(package) && !fs::is_empty(package);
  const auto manifest = read_json_file(package / "package.json");
  const auto* is_private = find(manifest, "private");
  return !is_private || !is_private->is_bool() || !is_private->get_bool();
}

// A folder beside the packages that goes away with this object.
class Workshop final {
 public:
  explicit Workshop(const fs::path& packages)
      : folder_(packages / (".openpoly-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }
  ~Workshop() {
    std::error_code left_behind;
    fs::remove_all(folder_, left_behind);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  fs::path made() const { return folder_ / "new"; }
  fs::path replaced() const { return folder_ / "old"; }

 private:
  fs::path folder_;
};

void write_below(const fs::path& folder, const sdk::GeneratedFile& file) {
  const fs::path relative(file.path);
  const bool escapes =
      relative.is_absolute() || std::ranges::find(relative, fs::path("..")) != relative.end();
  if (escapes) throw Failure(ErrorKind::internal, "the SDK has a file outside its packages: " + file.path);
  write_file(folder / relative, file.content);
}

void swap_in(const Workshop& workshop, const fs::path& packages, const std::string& name) {
  fs::create_directories(workshop.replaced());
  if (fs::exists(packages / name)) fs::rename(packages / name, workshop.replaced() / name);
  fs::rename(workshop.made() / name, packages / name);
}

}  // namespace

Call specs_call(const SdkSelection& selection) {
  auto call = get("/specs", {{"noTypes", selection.no_types ? "true" : "false"}});
  for (const auto& context : selection.contexts) call.query.emplace_back("contexts", context);
  for (const auto& name : selection.names) call.query.emplace_back("names", name);
  for (const auto& id : selection.ids) call.query.emplace_back("ids", id);
  call.time_max = large_call_time_max;
  return call;
}

Result<std::vector<sdk::GeneratedFile>> sdk_files(const Json& specs, const SdkSelection& selection,
                                                  const ServerSettings& settings) {
  sdk::TypeScriptOptions options;
  options.base_url = base_url_text(settings.base_url);
  options.client_id = RandomIdSource().next().text();
  options.no_types = selection.no_types;
  options.package_version = version;
  auto files = sdk::generate_typescript(specs, options);
  if (files) files->push_back({std::string(selection_path), to_pretty_text(encode(selection)) + "\n"});
  return files;
}

std::optional<fs::path> project_packages(const fs::path& folder) {
  for (auto at = fs::weakly_canonical(folder);; at = at.parent_path()) {
    if (fs::exists(at / "package.json")) return at / "node_modules";
    if (at == at.parent_path()) return std::nullopt;
  }
}

std::vector<std::string> replace_packages(const fs::path& packages,
                                          const std::vector<sdk::GeneratedFile>& files) {
  std::map<std::string, bool> foreign;
  for (const auto& file : files) {
    const auto name = file.path.substr(0, file.path.find('/'));
    if (!foreign.contains(name)) foreign[name] = installed_from_elsewhere(packages / name);
  }
  const Workshop workshop(packages);
  for (const auto& file : files) write_below(workshop.made(), file);
  std::vector<std::string> left_alone;
  for (const auto& [name, from_elsewhere] : foreign) {
    if (from_elsewhere) {
      left_alone.push_back(name);
    } else {
      swap_in(workshop, packages, name);
    }
  }
  return left_alone;
}

std::optional<InstalledSdk> installed_sdk(const fs::path& packages) {
  if (!fs::exists(packages / specs_path) || !fs::exists(packages / selection_path)) return std::nullopt;
  auto selection = value_or_throw(decode<SdkSelection>(read_json_file(packages / selection_path)));
  return InstalledSdk{std::move(selection), read_file(packages / specs_path)};
}

std::string specs_text(const std::vector<sdk::GeneratedFile>& files) {
  const auto file = std::ranges::find(files, specs_path, &sdk::GeneratedFile::path);
  return file == files.end() ? std::string() : file->content;
}

}  // namespace poly::cli
