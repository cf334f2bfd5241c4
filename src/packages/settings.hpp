// What the package tools may use, and where their parts lie.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "process/sandbox_host.hpp"

namespace poly::packages {

struct PackageSettings {
  std::filesystem::path data;                         // layers/ and packages-cache/ are made in it
  std::filesystem::path launcher;                     // poly-launch
  std::filesystem::path node;                         // runs npm and, later, the packages
  std::filesystem::path npm;                          // npm-cli.js
  std::filesystem::path python = "/usr/bin/python3";  // runs pip and, later, the packages
  std::filesystem::path maven = "/usr/bin/mvn";

  // Registries and credentials as these tools know them; empty: what the host's user has (~/.npmrc …).
  std::filesystem::path npm_config;
  std::filesystem::path pip_config;
  std::filesystem::path maven_settings;
  // Variables of the host that say where registries are and how they are reached.
  std::vector<std::string> environment;

  // What the tools are held to; null: they may do what the user of polyd may.
  process::SandboxHost* sandbox_host = nullptr;

  bool install_scripts = false;       // npm: packages may run code of theirs while they are installed
  bool source_distributions = false;  // pip: packages may be built from source, which runs code of theirs

  std::size_t requirements_max = 200;  // of one function
  std::size_t waiting_max = 100;       // installations that wait for their turn
  std::size_t installs_at_once = 2;
  std::size_t layer_bytes_max = std::size_t{1} << 30;
  std::size_t file_bytes_max = std::size_t{512} << 20;   // of one file that a tool writes
  std::size_t memory_bytes_max = std::size_t{2} << 30;   // of a tool and what it starts
  std::size_t output_bytes_max = std::size_t{64} << 10;  // of what a tool says; the end is kept
  std::chrono::milliseconds tool_time_max{300'000};
  std::chrono::hours unused_kept_for{24};
};

}  // namespace poly::packages
