// Which calls a revision gets, as options of `poly function add` and `poly function traffic`.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "cli/command.hpp"

namespace poly::cli {

// When a trial of a new revision fails, and how long it lasts.
struct CanaryOptions {
  std::optional<double> error_percent_max;
  std::optional<int> calls_min;
  std::optional<int> minutes;

  void declare(const Command& command);
  bool any() const { return error_percent_max || calls_min || minutes; }
  JsonObject members() const;
};

struct RolloutOptions {
  bool no_traffic = false;
  std::optional<int> canary_percent;
  CanaryOptions canary;
  std::optional<std::string> note;

  void declare(const Command& command);
  bool any() const { return no_traffic || canary_percent || canary.any() || note; }
  // Adds what was said to the body of a deploy. Throws bad_request for rules of a trial without one.
  void add_to(JsonObject& body) const;
};

}  // namespace poly::cli
