#include "server/sandbox.hpp"

#include "base/log.hpp"

namespace poly::server {
namespace {

namespace fs = std::filesystem;

// A worker has another current folder than polyd.
void make_absolute(fs::path& path) {
  if (!path.empty()) path = fs::absolute(path).lexically_normal();
}

void make_layers_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (!problem) return;
  throw Failure(ErrorKind::unavailable,
                "the folder " + folder.string() + " cannot be made: " + problem.message());
}

void require_level(const Settings& settings, process::SandboxLevel reached,
                   const std::string& what_there_is) {
  if (reached >= settings.sandbox_required) return;
  throw Failure(ErrorKind::unavailable, "the setting runtime.sandbox_required wants '" +
                                            std::string(word_of(settings.sandbox_required)) +
                                            "', and here the sandbox reaches only " + what_there_is);
}

}  // namespace

std::unique_ptr<process::SandboxHost> open_sandbox(Settings& settings) {
  auto& runtime = settings.runtime;
  for (auto* path : {&runtime.home, &runtime.node, &runtime.python, &runtime.java, &runtime.layers}) {
    make_absolute(*path);
  }
  if (!runtime.layers.empty()) make_layers_folder(runtime.layers);
  if (!settings.sandbox) {
    require_level(settings, process::SandboxLevel::none,
                  "none: it is switched off (setting runtime.sandbox)");
    log(LogLevel::warn, "THE SANDBOX IS OFF: functions may read and do whatever the user of polyd may",
        {{"setting", "runtime.sandbox"}});
    return nullptr;
  }
  auto host = value_or_throw(process::SandboxHost::open({.launcher = runtime.launcher,
                                                         .folder = settings.data / "sandboxes",
                                                         .readable = runtime::readable_by_workers(runtime),
                                                         .first_user = settings.sandbox_first_user}));
  const auto& report = host->report();
  require_level(settings, report.level(), report.words());
  const bool is_weak = report.level() == process::SandboxLevel::none;
  log(is_weak ? LogLevel::warn : LogLevel::info, "what functions are held to", {{"sandbox", report.words()}});
  runtime.sandbox_host = host.get();
  settings.packages.sandbox_host = host.get();
  return host;
}

}  // namespace poly::server
