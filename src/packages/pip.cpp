// pip: its report of what it would install becomes a list of exact wheels with their hashes, and that a
// folder in the layout of site-packages.
#include <algorithm>
#include <map>

#include "base/ascii_case.hpp"
#include "base/codec.hpp"
#include "packages/complaint.hpp"
#include "packages/installer.hpp"
#include "packages/layer_folder.hpp"

namespace poly::packages {
namespace {

const Dialect pip_words{"pip",
                        "ERROR: ",
                        {"ERROR: Exception:"},
                        {"after connection broken by", "Could not fetch URL", "Max retries exceeded"},
                        "No module named pip",
                        "pip is not there: install python3-pip, or set packages.python"};

constexpr std::string_view engine_question =
    "import platform, sys, sysconfig; "
    "print(sys.implementation.cache_tag, sysconfig.get_platform(), platform.libc_ver()[0])";

struct Metadata {
  std::string name;
  std::string version;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.required("version", self.version);
  }
};

struct Archive {
  std::map<std::string, std::string> hashes;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("hashes", self.hashes);
  }
};

struct Download {
  std::optional<Archive> archive;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("archive_info", self.archive);
  }
};

struct Installed {
  Metadata metadata;
  Download download;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("metadata", self.metadata);
    field.required("download_info", self.download);
  }
};

// pip's installation report, version 1.
struct Report {
  std::vector<Installed> installed;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("install", self.installed);
  }
};

Lock lock_of(const std::string& report_text) {
  const auto report = value_or_throw(decode<Report>(value_or_throw(parse_json(report_text, "pip's report"))));
  Lock lock;
  for (const auto& [metadata, download] : report.installed) {
    const auto pinned = metadata.name + "==" + metadata.version;
    const auto hashes = download.archive.value_or(Archive{}).hashes;
    const auto sha256 = hashes.find("sha256");
    if (sha256 == hashes.end()) {
      throw Failure(ErrorKind::bad_request,
                    "the packages cannot be installed: the index tells no SHA-256 of " + pinned);
    }
    lock.identities.push_back(pinned + " --hash=sha256:" + sha256->second);
    lock.packages.push_back(pinned);
  }
  std::ranges::sort(lock.identities);
  std::ranges::sort(lock.packages);
  for (const auto& line : lock.identities) lock.text += line + "\n";
  return lock;
}

class Pip final : public Installer {
 public:
  explicit Pip(Toolbox& tools) : tools_(tools) {}

  Task<std::string> engine() override {
    if (!engine_.empty()) co_return engine_;
    std::vector<std::string> words{tools_.settings().python.string(), "-I", "-c",
                                   std::string(engine_question)};
    auto asking = tools_.ask(std::move(words));
    engine_ = co_await std::move(asking);
    co_return engine_;
  }

  Task<Lock> resolve(std::vector<Requirement> requirements, WorkFolders folders) override {
    const auto report = folders.work / "report.json";
    folders = for_runs(std::move(folders));
    auto words = pip(folders);
    words.insert(words.end(), {"--dry-run", "--ignore-installed", "--report=" + report.string()});
    words.push_back("--");
    for (const auto& requirement : requirements) words.push_back(requirement.text(Ecosystem::pip));
    auto running = run_well(tools_, std::move(words), std::move(folders), pip_words);
    co_await std::move(running);
    co_return lock_of(read_written(report));
  }

  Task<void> install(Lock lock, WorkFolders folders) override {
    const auto list = folders.work / "requirements.txt";
    write_file(list, lock.text);
    folders = for_runs(std::move(folders));
    auto words = pip(folders);
    words.insert(words.end(), {"--no-deps", "--require-hashes", "--target=" + folders.fresh.string(),
                               "--requirement=" + list.string()});
    auto running = run_well(tools_, std::move(words), std::move(folders), pip_words);
    co_await std::move(running);
  }

 private:
  // A package that is built runs code of its own.
  WorkFolders for_runs(WorkFolders folders) const {
    return tools_.settings().source_distributions ? folders.alone() : folders;
  }

  // `pip install` and what is always said with it.
  std::vector<std::string> pip(const WorkFolders& folders) const {
    const auto& settings = tools_.settings();
    std::vector<std::string> words{settings.python.string(),
                                   "-I",
                                   "-m",
                                   "pip",
                                   "install",
                                   "--quiet",
                                   "--no-input",
                                   "--no-color",
                                   "--progress-bar=off",
                                   "--disable-pip-version-check",
                                   "--root-user-action=ignore",
                                   "--retries=2",
                                   "--cache-dir=" + (folders.home / "pip").string()};
    if (!settings.source_distributions) words.push_back("--only-binary=:all:");
    return words;
  }

  Toolbox& tools_;
  std::string engine_;
};

}  // namespace

std::unique_ptr<Installer> make_pip(Toolbox& tools) {
  return std::make_unique<Pip>(tools);
}

}  // namespace poly::packages
