#include "runtime/settings.hpp"

#include "process/installation.hpp"

namespace poly::runtime {
namespace {

// A document of 50 MB, its tree, and the tree that it is turned into.
constexpr int description_heap_mib = 1536;

// V8 keeps more than its old space, and aborts when that is full; the rest of the limit is for everything
// else.
std::size_t old_space_mib(std::size_t memory_bytes) {
  return memory_bytes / (1 << 20) * 3 / 4;
}

// Node's own code, heap reservations and thread stacks are private data before a function allocates anything.
constexpr std::size_t node_data_bytes = std::size_t{1} << 30;
// Python's: the 64 threads that run plain functions, each with the stack that glibc gives it.
constexpr std::size_t python_data_bytes = (std::size_t{64} << 20) + 64 * (std::size_t{8} << 20);
// What the JVM has beside its heap: classes, compiled code, the stacks of its threads.
constexpr std::size_t java_data_bytes = std::size_t{512} << 20;
constexpr std::size_t java_toolchain_heap_mib = 512;
// Go takes its heap from the system in pieces of 64 MiB, and has tables of their contents.
constexpr std::size_t go_data_bytes = std::size_t{256} << 20;
constexpr std::size_t go_compiler_data_bytes = std::size_t{1} << 30;

std::size_t java_heap_mib(std::size_t memory_bytes) {
  return memory_bytes / (1 << 20) * 5 / 8;
}

// The collector works harder before this is reached; the rest of the limit is for everything else.
std::string go_memory_limit(std::size_t memory_bytes) {
  return "GOMEMLIMIT=" + std::to_string(memory_bytes / 5 * 4);
}

// What scripts/build-go.py makes, when the machine has Go.
std::filesystem::path go_part(const RuntimeSettings& settings, std::string_view program) {
  return settings.home / "build/go" / program;
}

std::vector<std::string> plain_environment() {
  return {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"};
}

// `program` is one that scripts/build-java.py builds, with the archive of its classes.
std::vector<std::string> java_words(const RuntimeSettings& settings, const std::string& program,
                                    std::size_t heap_mib) {
  const auto built = settings.home / "build/java";
  return {settings.java,
          "@" + (settings.home / "workers/java/start-flags").string(),
          "-XX:SharedArchiveFile=" + (built / (program + ".jsa")).string(),
          "-Djava.library.path=" + built.string(),
          "-Xmx" + std::to_string(heap_mib) + "m",
          "-jar",
          built / (program + ".jar")};
}

void add_installation(std::vector<std::filesystem::path>& paths, const std::filesystem::path& program) {
  for (auto& installation : process::installations_of(program)) paths.push_back(std::move(installation));
}

void add_engine(std::vector<std::filesystem::path>& paths, const RuntimeSettings& settings, Engine engine) {
  switch (engine) {
    case Engine::node:
      add_installation(paths, settings.node);
      paths.push_back(settings.home / "workers/node");
      break;
    case Engine::python:
      add_installation(paths, settings.python);
      paths.push_back(settings.home / "workers/python");
      break;
    case Engine::java:
      add_installation(paths, settings.java);
      paths.push_back(settings.home / "workers/java");
      paths.push_back(settings.home / "build/java");
      break;
    case Engine::go:
      paths.push_back(settings.home / "build/go");
      break;
  }
}

// A parser of foreign text sees no more of the machine than a function does.
void add_toolchain(std::vector<std::filesystem::path>& paths, const RuntimeSettings& settings,
                   Engine engine) {
  paths.push_back(settings.home / "toolchains");
  if (engine == Engine::node) paths.push_back(settings.home / "node_modules");
}

std::vector<std::filesystem::path> those_there(std::vector<std::filesystem::path> paths) {
  std::erase_if(paths, [](const auto& path) {
    std::error_code problem;
    return path.empty() || !std::filesystem::exists(path, problem);
  });
  return paths;
}

process::Sandbox worker_sandbox(const RuntimeSettings& settings, const WorkerKind& kind) {
  process::Sandbox sandbox;
  add_engine(sandbox.readable, settings, kind.engine);
  sandbox.readable.push_back(settings.layers);
  sandbox.readable = those_there(std::move(sandbox.readable));
  sandbox.network = kind.network;
  sandbox.memory_bytes_max = kind.memory_bytes_max;
  return sandbox;
}

}  // namespace

std::vector<std::filesystem::path> readable_by_workers(const RuntimeSettings& settings) {
  std::vector<std::filesystem::path> paths{settings.layers};
  for (const auto engine : {Engine::node, Engine::python}) add_engine(paths, settings, engine);
  if (!settings.java.empty()) add_engine(paths, settings, Engine::java);
  add_engine(paths, settings, Engine::go);
  return those_there(std::move(paths));
}

Result<Engine> engine_of(spec::Language language) {
  switch (language) {
    case spec::Language::javascript:
    case spec::Language::typescript:
      return Engine::node;
    case spec::Language::python:
      return Engine::python;
    case spec::Language::java:
      return Engine::java;
    case spec::Language::go:
      return Engine::go;
  }
  return fail(ErrorKind::not_built, "there is no runtime for this language");
}

Result<void> require_engine(const RuntimeSettings& settings, Engine engine) {
  std::error_code absent;
  if (engine == Engine::java && settings.java.empty()) {
    return fail(ErrorKind::unavailable,
                "there is no Java on this machine: install openjdk-17-jdk-headless, or set runtime.java");
  }
  if (engine == Engine::go && !std::filesystem::exists(go_part(settings, "openpoly-toolchain"), absent)) {
    return fail(ErrorKind::unavailable,
                "there is no Go on this machine: install golang-go, and run scripts/build-go.py");
  }
  return {};
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
  command.sandbox_host = settings.sandbox_host;
  command.sandbox = worker_sandbox(settings, kind);
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
      command.words = java_words(settings, "openpoly-worker", java_heap_mib(kind.memory_bytes_max));
      command.limits.data_bytes_max = kind.memory_bytes_max + java_data_bytes;
      break;
    case Engine::go:
      command.words = {go_part(settings, "openpoly-worker")};
      command.environment.push_back(go_memory_limit(kind.memory_bytes_max));
      command.limits.data_bytes_max = kind.memory_bytes_max + go_data_bytes;
      break;
  }
  return command;
}

std::optional<process::Command> template_command(const RuntimeSettings& settings, const WorkerKind& kind) {
  if (kind.engine != Engine::python) return std::nullopt;
  auto command = worker_command(settings, kind);
  command.words = {settings.python, "-I", "-S", settings.home / "workers/python/template.py",
                   settings.launcher.parent_path() / "libpoly-sandbox.so"};
  // It runs nothing of anybody, and has to make the sandboxes of its children.
  command.sandbox_host = nullptr;
  command.limits.data_bytes_max = settings.memory_bytes_max + python_data_bytes;
  return command;
}

process::Command toolchain_command(const RuntimeSettings& settings, Engine engine) {
  process::Command command;
  command.launcher = settings.launcher;
  command.environment = plain_environment();
  command.sandbox_host = settings.sandbox_host;
  add_engine(command.sandbox.readable, settings, engine);
  add_toolchain(command.sandbox.readable, settings, engine);
  command.sandbox.readable.push_back(settings.layers);
  command.sandbox.readable = those_there(std::move(command.sandbox.readable));
  switch (engine) {
    case Engine::node:
      command.words = {settings.node, "--max-old-space-size=512", "--max-semi-space-size=4",
                       settings.home / "toolchains/typescript/main.mjs"};
      break;
    case Engine::python:
      command.words = {settings.python, "-I", "-S", settings.home / "toolchains/python/main.py"};
      break;
    case Engine::java:
      command.words = java_words(settings, "openpoly-toolchain", java_toolchain_heap_mib);
      break;
    case Engine::go:
      command.words = {go_part(settings, "openpoly-toolchain")};
      command.limits.data_bytes_max = go_compiler_data_bytes;
      break;
  }
  return command;
}

process::Command description_reader_command(const RuntimeSettings& settings) {
  auto command = toolchain_command(settings, Engine::node);
  command.words = {settings.node, "--max-old-space-size=" + std::to_string(description_heap_mib),
                   "--max-semi-space-size=4", settings.home / "toolchains/descriptions/main.mjs"};
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
  need(settings.home / "toolchains/descriptions/main.mjs", "the reader of descriptions (setting runtime.home)");
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
