// How a server function is to be run, as options of `poly function add`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/command.hpp"

namespace poly::cli {

struct RunOptions {
  std::optional<int> time_limit_seconds;
  std::optional<int> memory_mebibytes;
  std::optional<double> cpu_cores;
  std::optional<int> concurrency;
  std::optional<int> min_scale;
  std::optional<int> max_scale;
  bool network = false;
  std::vector<std::string> environment;            // NAME=TEXT
  std::vector<std::string> environment_variables;  // NAME=PATH of a catalog variable

  void declare(const Command& command);
  bool any() const;
  // Adds what was said to the body of a deploy. Throws bad_request for a name without `=`.
  void add_to(JsonObject& body) const;
};

}  // namespace poly::cli
