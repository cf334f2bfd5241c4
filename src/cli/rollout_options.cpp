#include "cli/rollout_options.hpp"

namespace poly::cli {

void CanaryOptions::declare(const Command& command) {
  command.option("--error-percent-max", "PERCENT", error_percent_max,
                 "Errors of the new revision past which it fails its trial (5)");
  command.option("--calls-min", "CALLS", calls_min,
                 "Calls of the new revision before its errors are looked at (50)");
  command.option("--minutes", "MINUTES", minutes, "Without failing, after which it takes all calls (10)");
}

JsonObject CanaryOptions::members() const {
  JsonObject out;
  if (error_percent_max) out["errorPercentMax"] = *error_percent_max;
  if (calls_min) out["callsMin"] = *calls_min;
  if (minutes) out["minutes"] = *minutes;
  return out;
}

void RolloutOptions::declare(const Command& command) {
  const auto none = command.flag("--no-traffic", no_traffic,
                                 "Calls stay where they are; the new revision is called by its number only");
  const auto some = command.option("--canary", "PERCENT", canary_percent,
                                   "Only so many calls go to the new revision, on trial");
  command.at_most_one_of({none, some});
  canary.declare(command);
  command.option("--note", "TEXT", note, "What the history of revisions says of it");
}

void RolloutOptions::add_to(JsonObject& body) const {
  if (canary.any() && !canary_percent) {
    throw Failure(ErrorKind::bad_request,
                  "--error-percent-max, --calls-min and --minutes are for a trial: add --canary");
  }
  if (no_traffic) body["traffic"] = "none";
  if (canary_percent) {
    body["traffic"] = "canary";
    body["canaryPercent"] = *canary_percent;
    body["canary"] = canary.members();
  }
  if (note) body["note"] = *note;
}

}  // namespace poly::cli
