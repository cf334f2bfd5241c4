// Reads source at deploy: signature, types, references, what a worker loads. One process for each language
// (toolchains/, which speak the worker protocol).
#pragma once

#include <map>

#include "runtime/program_folder.hpp"
#include "runtime/settings.hpp"
#include "runtime/tool_process.hpp"
#include "spec/code_function.hpp"

namespace poly::runtime {

inline constexpr std::size_t source_bytes_max = 1 << 20;

struct Source {
  std::string name;  // of the function in it
  spec::Language language = spec::Language::typescript;
  std::string text;
  bool runs_on_server = true;
  Json type_schemas;                // JSON Schemas by type name, when the client sent some
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
  // Each is made when its language is first deployed.
  ToolProcess& tool_of(Engine engine);

  Executor executor_;
  TimerWheel& wheel_;
  const RuntimeSettings& settings_;
  const ProgramFolder& programs_;
  std::map<Engine, std::unique_ptr<ToolProcess>> tools_;
};

}  // namespace poly::runtime
