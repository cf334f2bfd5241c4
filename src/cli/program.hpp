// The whole program as a function: words in, exit code out.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/world.hpp"

namespace poly::cli {

inline constexpr std::string_view version = "0.1.0";

// `arguments` without the name of the program.
ExitCode run_program(const std::vector<std::string>& arguments, World& world);

}  // namespace poly::cli
