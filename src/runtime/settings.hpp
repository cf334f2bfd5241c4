// What the runtime may use, and where its parts lie.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

#include "base/error.hpp"
#include "process/process.hpp"
#include "spec/code_function.hpp"

namespace poly::runtime {

struct RuntimeSettings {
  std::filesystem::path home;      // holds workers/, toolchains/ and node_modules/
  std::filesystem::path launcher;  // poly-launch
  std::filesystem::path node;
  std::filesystem::path python = "/usr/bin/python3";

  std::chrono::milliseconds time_limit_default{60'000};
  std::chrono::milliseconds time_limit_max{600'000};
  std::chrono::milliseconds start_limit{15'000};  // to start a process, and again to load code into it
  std::chrono::milliseconds idle_after{60'000};   // an instance without calls for so long is put away
  std::size_t concurrency_max = 100;              // calls in flight in one instance
  std::size_t instances_max = 4;                  // of one function
  std::size_t queued_calls_max = 1'000;           // of one function, while its instances are busy or starting
  std::size_t workers_max = 100;                  // processes of one loop, waiting ones not counted
  std::size_t prewarmed = 1;                      // generic workers kept waiting, for each engine and loop
  std::size_t memory_bytes_max = 256 << 20;       // resident, of one instance
};

// The programs that run functions: TypeScript and JavaScript share one.
enum class Engine { node, python };

Result<Engine> engine_of(spec::Language language);

process::Command worker_command(const RuntimeSettings& settings, Engine engine);
// A toolchain is trusted code over foreign text: no memory limit of a function, but the same protocol.
process::Command toolchain_command(const RuntimeSettings& settings, Engine engine);

// What of `settings` is not there, in words with what to do; empty when all is.
std::vector<std::string> missing_parts(const RuntimeSettings& settings);

}  // namespace poly::runtime
