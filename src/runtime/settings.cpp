#include "runtime/settings.hpp"

namespace poly::runtime {
namespace {

// V8 keeps more than its old space, and aborts when that is full; the rest of the limit is for everything
// else.
std::size_t old_space_mib(std::size_t memory_bytes) {
  return memory_bytes / (1 << 20) * 3 / 4;
}

// Node's own code, heap reservations and thread stacks are private data before a function allocates anything.
constexpr std::size_t node_data_bytes = std::size_t{1} << 30;
constexpr std::size_t python_data_bytes = std::size_t{64} << 20;
// What the JVM has beside its heap: classes, compiled code, the stacks of its threads.
constexpr std::size_t java_data_bytes = std::size_t{512} << 20;
constexpr std::size_t java_toolchain_heap_mib = 512;

std::size_t java_heap_mib(std::size_t memory_bytes) {
  return memory_bytes / (1 << 20) * 5 / 8;
}

std::vector<std::string> plain_environment() {
  return {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"};
}

// `program` is one that scripts/build-java.py builds, with the archive of its classes.
std::vector<std::string> java_words(const RuntimeSettings& settings, const std::string& program,
                                    const std::string& main_class, std::size_t heap_mib) {
  const auto built = settings.home / "build/java";
  std::string class_path =
      (built / "openpoly-api.jar").string() + ":" + (built / "openpoly-worker.jar").string();
  if (program != "openpoly-worker") class_path += ":" + (built / (program + ".jar")).string();
  return {settings.java,
          "@" + (settings.home / "workers/java/start-flags").string(),
          "-XX:SharedArchiveFile=" + (built / (program + ".jsa")).string(),
          "-Djava.library.path=" + built.string(),
          "-Xmx" + std::to_string(heap_mib) + "m",
          "-cp",
          class_path,
          main_class};
}

}  // namespace

Result<Engine> engine_of(spec::Language language) {
  switch (language) {
    case spec::Language::javascript:
    case spec::Language::typescript:
      return Engine::node;
    case spec::Language::python:
      return Engine::python;
    case spec::Language::java:
      return Engine::java;
  }
  return fail(ErrorKind::not_built, "there is no runtime for this language");
}

Result<void> require_engine(const RuntimeSettings& settings, Engine engine) {
  if (engine != Engine::java || !settings.java.empty()) return {};
  return fail(ErrorKind::unavailable,
              "there is no Java on this machine: install openjdk-17-jdk-headless, or set runtime.java");
}

WorkerKind worker_kind(const RuntimeSettings& settings, const spec::Revision& revision) {
  const auto& wanted = revision.settings.memory_mib;
  const auto memory = wanted ? static_cast<std::size_t>(*wanted) << 20 : settings.memory_bytes_default;
  return {.engine = value_or_throw(engine_of(revision.code.language)),
          .memory_bytes_max = std::min(memory, settings.memory_bytes_max),
          .network = revision.settings.network};
}

ScalingRange scaling_range(const RuntimeSettings& settings, const spec::FunctionSettings& function) {
  const auto chosen = [](std::optional<int> wanted, std::size_t otherwise, std::size_t most) {
    return std::min(wanted ? static_cast<std::size_t>(*wanted) : otherwise, most);
  };
  ScalingRange range;
  range.min = chosen(function.min_scale, 0, settings.instances_max);
  range.max = std::max({chosen(function.max_scale, settings.instances_default, settings.instances_max),
                        range.min, std::size_t{1}});
  range.concurrency = chosen(function.concurrency, settings.concurrency_default, settings.concurrency_max);
  return range;
}

process::Command worker_command(const RuntimeSettings& settings, const WorkerKind& kind) {
  process::Command command;
  command.launcher = settings.launcher;
  command.environment = plain_environment();
  switch (kind.engine) {
    case Engine::node:
      command.words = {settings.node,
                       "--max-old-space-size=" + std::to_string(old_space_mib(kind.memory_bytes_max)),
                       settings.home / "workers/node/main.cjs"};
      command.limits.data_bytes_max = kind.memory_bytes_max + node_data_bytes;
      break;
    case Engine::python:
      command.words = {settings.python, "-I", "-S", settings.home / "workers/python/main.py"};
      command.limits.data_bytes_max = kind.memory_bytes_max + python_data_bytes;
      break;
    case Engine::java:
      command.words = java_words(settings, "openpoly-worker", "io.openpoly.worker.Main",
                                 java_heap_mib(kind.memory_bytes_max));
      command.limits.data_bytes_max = kind.memory_bytes_max + java_data_bytes;
      break;
  }
  return command;
}

std::optional<process::Command> template_command(const RuntimeSettings& settings, const WorkerKind& kind) {
  if (kind.engine != Engine::python) return std::nullopt;
  auto command = worker_command(settings, kind);
  command.words = {settings.python, "-I", "-S", settings.home / "workers/python/template.py"};
  command.limits.data_bytes_max = settings.memory_bytes_max + python_data_bytes;
  return command;
}

process::Command toolchain_command(const RuntimeSettings& settings, Engine engine) {
  process::Command command;
  command.launcher = settings.launcher;
  command.environment = plain_environment();
  switch (engine) {
    case Engine::node:
      command.words = {settings.node, "--max-old-space-size=512", "--max-semi-space-size=4",
                       settings.home / "toolchains/typescript/main.mjs"};
      break;
    case Engine::python:
      command.words = {settings.python, "-I", "-S", settings.home / "toolchains/python/main.py"};
      break;
    case Engine::java:
      command.words =
          java_words(settings, "openpoly-toolchain", "io.openpoly.toolchain.Main", java_toolchain_heap_mib);
      break;
  }
  return command;
}

std::vector<std::string> missing_parts(const RuntimeSettings& settings) {
  std::vector<std::string> missing;
  const auto need = [&missing](const std::filesystem::path& path, std::string_view what) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
      missing.push_back(std::string(what) + " is not at " + path.string());
  };
  need(settings.launcher, "the launcher poly-launch");
  need(settings.node, "Node.js (setting runtime.node)");
  need(settings.python, "Python (setting runtime.python)");
  need(settings.home / "workers/node/main.cjs", "the Node.js worker (setting runtime.home)");
  need(settings.home / "workers/python/main.py", "the Python worker (setting runtime.home)");
  need(settings.home / "toolchains/typescript/main.mjs", "the TypeScript toolchain (setting runtime.home)");
  need(settings.home / "toolchains/python/main.py", "the Python toolchain (setting runtime.home)");
  if (!settings.java.empty()) {
    need(settings.java, "Java (setting runtime.java)");
    need(settings.home / "build/java/openpoly-worker.jar", "the Java worker (run scripts/build-java.py)");
    need(settings.home / "build/java/openpoly-toolchain.jar",
         "the Java toolchain (run scripts/build-java.py)");
  }
  return missing;
}

}  // namespace poly::runtime
