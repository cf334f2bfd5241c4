// npm: a package.json with the requirements becomes a package-lock.json, and that a node_modules/.
#include <algorithm>
#include <set>

#include "base/codec.hpp"
#include "packages/complaint.hpp"
#include "packages/installer.hpp"
#include "packages/layer_folder.hpp"
#include "packages/tool_files.hpp"

namespace poly::packages {
namespace {

constexpr std::string_view folder_of_packages = "node_modules/";
const Dialect npm_words{
    "npm",
    "npm error ",
    {"npm error A complete log", "npm error code", "Note that you can also install",
     "tarball, folder, http url"},
    {"ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH",
     "ERR_SOCKET_TIMEOUT", "SELF_SIGNED_CERT", "CERT_", "code E500", "code E502", "code E503", "code E504"}};

std::string manifest(const JsonObject& dependencies) {
  return to_text(JsonObject{{"name", "layer"}, {"private", true}, {"dependencies", dependencies}});
}

// `node_modules/a/node_modules/@b/c` is `@b/c`.
std::string_view package_at(std::string_view place) {
  return place.substr(place.rfind(folder_of_packages) + folder_of_packages.size());
}

Lock lock_of(std::string text) {
  const auto document = value_or_throw(parse_json(text, "package-lock.json"));
  const auto* entries = find(document, "packages");
  if (!entries || !entries->is_object())
    throw Failure(ErrorKind::internal, "npm made a lock without packages");
  Lock lock;
  std::set<std::string> packages;
  for (const auto& [place, entry] : entries->get_object()) {
    if (place.empty() || !entry.is_object()) continue;
    const std::string version(text_of(entry.get_object(), "version"));
    lock.identities.push_back(std::string(place) + " " + version + " " +
                              std::string(text_of(entry.get_object(), "integrity")));
    packages.insert(std::string(package_at(place)) + "@" + version);
  }
  std::ranges::sort(lock.identities);
  lock.packages.assign(packages.begin(), packages.end());
  lock.text = std::move(text);
  return lock;
}

// What the lock was made from stands in the lock.
std::string manifest_of(const Lock& lock) {
  const auto document = value_or_throw(parse_json(lock.text, "package-lock.json"));
  const auto& root = document.at("packages").at("");
  return manifest(root.at("dependencies").as_object());
}

class Npm final : public Installer {
 public:
  explicit Npm(Toolbox& tools) : tools_(tools) {}

  Task<std::string> engine() override {
    if (!engine_.empty()) co_return engine_;
    std::vector<std::string> words{
        tools_.settings().node.string(), "-p",
        "`node abi${process.versions.modules} ${process.platform} ${process.arch} "
        "${process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'other'}`"};
    auto asking = tools_.ask(std::move(words));
    engine_ = co_await std::move(asking);
    co_return engine_;
  }

  Task<Lock> resolve(std::vector<Requirement> requirements, WorkFolders folders) override {
    JsonObject dependencies;
    for (const auto& [name, version] : requirements)
      dependencies[name] = version.empty() ? "latest" : version;
    write_file(folders.work / "package.json", manifest(dependencies));
    auto words = npm("install", folders.work, folders);
    words.insert(words.end(), {"--package-lock-only", "--ignore-scripts"});
    auto running = run_well(tools_, std::move(words), folders, npm_words);
    co_await std::move(running);
    co_return lock_of(read_written(folders.work / "package-lock.json"));
  }

  Task<void> install(Lock lock, WorkFolders folders) override {
    write_file(folders.fresh / "package.json", manifest_of(lock));
    write_file(folders.fresh / "package-lock.json", lock.text);
    const bool runs_scripts = tools_.settings().install_scripts;
    if (runs_scripts) folders = folders.alone();
    auto words = npm("ci", folders.fresh, folders);
    words.push_back("--omit=dev");
    words.push_back(std::string("--ignore-scripts=") + (runs_scripts ? "false" : "true"));
    auto running = run_well(tools_, std::move(words), std::move(folders), npm_words);
    co_await std::move(running);
  }

 private:
  std::vector<std::string> npm(std::string_view command, const std::filesystem::path& folder,
                               const WorkFolders& folders) const {
    const auto& settings = tools_.settings();
    if (!std::filesystem::exists(settings.npm)) {
      throw Failure(ErrorKind::unavailable,
                    "npm is not there (" + settings.npm.string() + "): set packages.npm");
    }
    std::vector<std::string> words{settings.node.string(),
                                   settings.npm.string(),
                                   std::string(command),
                                   "--prefix=" + folder.string(),
                                   "--cache=" + (folders.home / "npm").string(),
                                   "--prefer-offline",
                                   "--omit-lockfile-registry-resolved",
                                   "--no-audit",
                                   "--no-fund",
                                   "--no-update-notifier",
                                   "--no-progress",
                                   "--loglevel=error",
                                   "--fetch-retries=2",
                                   "--fetch-retry-mintimeout=500",
                                   "--fetch-retry-maxtimeout=5000"};
    if (!settings.npm_config.empty()) words.push_back("--userconfig=" + npm_config_in(folders.work).string());
    return words;
  }

  Toolbox& tools_;
  std::string engine_;
};

}  // namespace

std::unique_ptr<Installer> make_npm(Toolbox& tools) {
  return std::make_unique<Npm>(tools);
}

}  // namespace poly::packages
