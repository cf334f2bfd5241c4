// Reads source at deploy: signature, types, references, what a worker loads. One long-lived process for each
// language, started on demand and stopped when idle (toolchains/, which speak the worker protocol).
#pragma once

#include <map>

#include "base/task_group.hpp"
#include "runtime/program_folder.hpp"
#include "runtime/settings.hpp"
#include "runtime/worker.hpp"
#include "spec/code_function.hpp"

namespace poly::runtime {

inline constexpr std::size_t source_bytes_max = 1 << 20;

struct Source {
  std::string name;  // of the function in it
  spec::Language language = spec::Language::typescript;
  std::string text;
  bool runs_on_server = true;
  Json type_schemas;  // JSON Schemas by type name, when the client sent some
  std::vector<std::string> layers;  // folders of installed packages, for languages that compile with them
};

struct Described {
  spec::Code code;
  std::string description;
  std::vector<std::string> imports;  // third-party packages
};

// Belongs to one loop (the control plane's).
class Toolchain final {
 public:
  // Programs that it makes are kept in `programs`.
  Toolchain(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings,
            const ProgramFolder& programs);
  Toolchain(const Toolchain&) = delete;
  Toolchain& operator=(const Toolchain&) = delete;

  // Throws Failure: bad_request with a line and message for each fault of the source, too_large, not_built
  // for a language that has no toolchain, unavailable when the toolchain cannot be started.
  Task<Described> describe(Source source);

  Task<void> close();

 private:
  struct Tool {
    std::shared_ptr<Worker> worker;
    std::size_t calls = 0;
    TimerWheel::Handle idle;
  };

  Task<std::shared_ptr<Worker>> ready(Engine engine);
  Task<std::string> ask(Engine engine, std::string question);
  void stop(Engine engine);
  Task<void> bury(std::shared_ptr<Worker> worker);

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  const ProgramFolder& programs_;
  TaskGroup tasks_;
  std::map<Engine, Tool> tools_;
};

}  // namespace poly::runtime
