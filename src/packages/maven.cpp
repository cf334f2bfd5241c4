// Maven: a pom with the requirements becomes a list of exact artifacts with the hashes of their jars, and
// that a folder of jars.
#include <algorithm>
#include <map>
#include <sstream>

#include "base/sha256.hpp"
#include "packages/blocking.hpp"
#include "packages/complaint.hpp"
#include "packages/installer.hpp"
#include "packages/layer_folder.hpp"
#include "packages/tool_files.hpp"

namespace poly::packages {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view dependency_plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";
const Dialect maven_words{
    "maven",
    "[ERROR] ",
    {"Re-run Maven", "To see the full stack trace", "For more information", "[Help 1] http"},
    {"Connection refused", "UnknownHost", "Unknown host", "connect timed out", "Connect timed out",
     "Network is unreachable", "Connection reset", "No route to host"}};

// `group:artifact:type[:classifier]:version:scope`, as the plugin lists what it resolved.
struct Artifact {
  std::string group, name, type, classifier, version;

  std::string file_name() const {
    return group + "." + name + "-" + version + (classifier.empty() ? "" : "-" + classifier) + "." + type;
  }
  std::string dependency() const {
    return "<dependency><groupId>" + group + "</groupId><artifactId>" + name + "</artifactId><version>" +
           version + "</version><type>" + type + "</type>" +
           (classifier.empty() ? "" : "<classifier>" + classifier + "</classifier>") +
           "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
           "</dependency>";
  }
};

std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<Artifact> artifact_of(std::string line) {
  line = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  line = line.substr(0, line.find(' '));
  const auto parts = parts_of(line, ':');
  if (parts.size() == 5) return Artifact{parts[0], parts[1], parts[2], "", parts[3]};
  if (parts.size() == 6) return Artifact{parts[0], parts[1], parts[2], parts[3], parts[4]};
  return std::nullopt;
}

std::string pom(std::string_view dependencies) {
  return "<project><modelVersion>4.0.0</modelVersion><groupId>layer</groupId><artifactId>layer</artifactId>"
         "<version>1</version><packaging>pom</packaging><dependencies>" +
         std::string(dependencies) + "</dependencies></project>";
}

std::string sha256_of(const fs::path& file) {
  return sha256_hex(read_written(file));
}

// The list that the plugin wrote and the jars that it copied.
Lock lock_of(const fs::path& list, const fs::path& jars) {
  Lock lock;
  std::istringstream lines(read_written(list));
  for (std::string line; std::getline(lines, line);) {
    const auto artifact = artifact_of(line);
    if (!artifact) continue;
    lock.identities.push_back(artifact->file_name() + " " + sha256_of(jars / artifact->file_name()));
    lock.packages.push_back(artifact->group + ":" + artifact->name + ":" + artifact->version);
    lock.text += artifact->dependency();
  }
  std::ranges::sort(lock.identities);
  std::ranges::sort(lock.packages);
  return lock;
}

void require_same(const Lock& lock, const fs::path& jars) {
  for (const auto& identity : lock.identities) {
    const auto name = identity.substr(0, identity.find(' '));
    if (name + " " + sha256_of(jars / name) == identity) continue;
    throw Failure(ErrorKind::bad_request,
                  "the packages cannot be installed: the repository now has another " + name +
                      " under the same version");
  }
}

class Maven final : public Installer {
 public:
  explicit Maven(Toolbox& tools) : tools_(tools) {}

  // Jars are the same everywhere.
  Task<std::string> engine() override { co_return "jvm"; }

  Task<Lock> resolve(std::vector<Requirement> requirements, WorkFolders folders) override {
    std::string dependencies;
    for (const auto& requirement : requirements) {
      const auto parts = parts_of(requirement.name, ':');
      dependencies += "<dependency><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1] +
                      "</artifactId><version>" + requirement.version + "</version></dependency>";
    }
    write_file(folders.work / "pom.xml", pom(dependencies));
    const auto jars = folders.work / "jars";
    const auto list = folders.work / "list.txt";
    auto words = copy_dependencies(folders.work / "pom.xml", jars, folders);
    words.insert(words.end(), {std::string(dependency_plugin) + ":list", "-DoutputFile=" + list.string()});
    auto running = run_well(tools_, std::move(words), folders, maven_words);
    co_await std::move(running);
    auto reading = tools_.pool().run([list, jars] { return lock_of(list, jars); });
    co_return co_await std::move(reading);
  }

  Task<void> install(Lock lock, WorkFolders folders) override {
    const auto file = folders.work / "exact.xml";
    write_file(file, pom(lock.text));
    auto running = run_well(tools_, copy_dependencies(file, folders.fresh, folders), folders, maven_words);
    co_await std::move(running);
    auto checking = run_blocking(tools_.pool(), [lock, jars = folders.fresh] { require_same(lock, jars); });
    co_await std::move(checking);
  }

 private:
  std::vector<std::string> copy_dependencies(const fs::path& file, const fs::path& jars,
                                             const WorkFolders& folders) const {
    const auto& settings = tools_.settings();
    if (!fs::exists(settings.maven)) {
      throw Failure(ErrorKind::unavailable, "Maven is not there (" + settings.maven.string() +
                                                "): install maven, or set packages.maven");
    }
    std::vector<std::string> words{settings.maven.string(),
                                   "--batch-mode",
                                   "--quiet",
                                   "-Dstyle.color=never",
                                   "-Dmaven.repo.local=" + (folders.home / "maven").string(),
                                   "--file",
                                   file.string(),
                                   std::string(dependency_plugin) + ":copy-dependencies",
                                   "-DincludeScope=runtime",
                                   "-Dmdep.prependGroupId=true",
                                   "-DoutputDirectory=" + jars.string()};
    if (!settings.maven_settings.empty()) {
      words.insert(words.begin() + 1, {"--settings", maven_settings_in(folders.work).string()});
    }
    return words;
  }

  Toolbox& tools_;
};

}  // namespace

std::unique_ptr<Installer> make_maven(Toolbox& tools) {
  return std::make_unique<Maven>(tools);
}

}  // namespace poly::packages
