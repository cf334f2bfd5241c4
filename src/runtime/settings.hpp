// What the runtime may use, and where its parts lie.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

#include "base/error.hpp"
#include "process/process.hpp"
#include "runtime/autoscaler.hpp"
#include "spec/code_function.hpp"

namespace poly::runtime {

struct RuntimeSettings {
  std::filesystem::path home;      // holds workers/, toolchains/, node_modules/, build/java/ and build/go/
  std::filesystem::path launcher;  // poly-launch
  std::filesystem::path node;
  std::filesystem::path python = "/usr/bin/python3";
  std::filesystem::path java;  // of a JDK 17; empty: functions in Java cannot be deployed here
  std::filesystem::path layers;  // packages of functions, which every worker may read; empty: there are none
  // What workers are held to; null: their limits, and else what the user of polyd may.
  process::SandboxHost* sandbox_host = nullptr;

  std::chrono::milliseconds time_limit_default{60'000};
  std::chrono::milliseconds time_limit_max{600'000};
  std::chrono::milliseconds start_limit{15'000};  // to start a process, and again to load code into it

  // What a function has that says nothing of its own, and what it may ask for at most.
  std::size_t concurrency_default = 100;  // calls in flight in one instance
  std::size_t concurrency_max = 1'000;
  std::size_t instances_default = 4;  // of one function
  std::size_t instances_max = 100;
  std::size_t memory_bytes_default = std::size_t{256} << 20;  // resident, of one instance
  std::size_t memory_bytes_max = std::size_t{2} << 30;
  double cpu_cores_max = 64;

  ScalingSettings scaling;
  std::size_t queued_calls_max = 1'000;  // of one function, while its instances are busy or starting
  std::size_t workers_max = 500;         // processes of one loop, waiting ones not counted
  std::size_t prewarmed = 1;             // generic workers kept waiting, for each kind of worker and loop …
  std::size_t prewarmed_max = 8;         // … and so many when they are taken often
  bool forks = true;                     // Python workers are forked from a process that has all loaded
  std::size_t starts_at_once = 2;        // workers of one kind that a loop starts at the same time
  std::chrono::milliseconds proven_kept_for{
      10'000};  // a worker that proved a new revision, for its first call

  // Under this much free memory of the host nothing waits and nothing idles; under half of it nothing starts.
  std::size_t memory_reserve_bytes = std::size_t{512} << 20;
};

// The programs that run functions: TypeScript and JavaScript share one.
enum class Engine { node, python, java, go };

Result<Engine> engine_of(spec::Language language);
// Java and Go are there when the machine has them; the others always are.
Result<void> require_engine(const RuntimeSettings& settings, Engine engine);

// Workers of one kind can take the same functions: what cannot be changed once a process runs is in here.
struct WorkerKind {
  Engine engine = Engine::node;
  std::size_t memory_bytes_max = 0;
  bool network = false;

  auto operator<=>(const WorkerKind&) const = default;
};

// What a revision runs in, and how many instances it may have.
WorkerKind worker_kind(const RuntimeSettings& settings, const spec::Revision& revision);
ScalingRange scaling_range(const RuntimeSettings& settings, const spec::FunctionSettings& function);

process::Command worker_command(const RuntimeSettings& settings, const WorkerKind& kind);
// What workers of that kind are forked from; nothing for engines that are started one by one.
std::optional<process::Command> template_command(const RuntimeSettings& settings, const WorkerKind& kind);
// A toolchain is trusted code over foreign text: no memory limit of a function, but the same protocol.
process::Command toolchain_command(const RuntimeSettings& settings, Engine engine);
// The same for what reads foreign descriptions; it needs more memory.
process::Command description_reader_command(const RuntimeSettings& settings);

// Files that workers of any engine read, besides those of the system.
std::vector<std::filesystem::path> readable_by_workers(const RuntimeSettings& settings);

// What of `settings` is not there, in words with what to do; empty when all is.
std::vector<std::string> missing_parts(const RuntimeSettings& settings);

}  // namespace poly::runtime

template <>
inline constexpr auto poly::enum_words<poly::runtime::Engine> =
    std::to_array<poly::EnumWord<poly::runtime::Engine>>({
        {poly::runtime::Engine::node, "node"},
        {poly::runtime::Engine::python, "python"},
        {poly::runtime::Engine::java, "java"},
        {poly::runtime::Engine::go, "go"},
    });

namespace poly::runtime {

inline constexpr std::size_t engine_count = enum_words<Engine>.size();

}  // namespace poly::runtime
