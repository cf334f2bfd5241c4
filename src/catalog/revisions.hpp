// Revisions of server functions: how a deploy, a rollback or a trial changes which of them take calls. Pure;
// revision_history.hpp keeps what was deployed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/code_function.hpp"

namespace poly::catalog {

inline constexpr std::size_t traffic_shares_max = 10;
inline constexpr int canary_minutes_max = 7 * 24 * 60;
inline constexpr int canary_calls_max = 1'000'000;

// Which calls a new revision gets.
struct Rollout {
  enum class Kind {
    all,     // every call
    none,    // none but those that ask for it by its number
    canary,  // `percent` of them, on trial
  };
  Kind kind = Kind::all;
  int percent = 10;
  spec::CanaryRules rules;
};

struct Deploy {
  // The revision that a request without new code or settings repeats.
  enum class Base {
    current,  // the one deployed last
    serving,
  };
  spec::ServerFunction function;  // as wanted; only its `current` revision counts, whose number is given here
  Base base = Base::current;
  Rollout rollout;
};

// Whether both run the same: source, language, packages and settings.
bool same_revision(const spec::Revision& one, const spec::Revision& other);

// The function after a deploy over `before` (null: its first). A deploy that brings nothing new makes no
// revision and moves no calls.
spec::ServerFunction deployed(const spec::ServerFunction* before, Deploy deploy, Timestamp now);

// Throws bad_request, naming the field: shares are from 1 to 100, each revision once, together 100; a trial
// is between two.
void require_shares(const std::vector<spec::TrafficShare>& shares);
void require_rules(const spec::CanaryRules& rules);

// `function` with its calls divided so, and no trial. `shares` are as require_shares wants them; what they
// name is in `function` or in `more`.
spec::ServerFunction with_traffic(spec::ServerFunction function, std::vector<spec::TrafficShare> shares,
                                  const std::vector<spec::Revision>& more = {});
// The same between two revisions, the newer of which is on trial.
spec::ServerFunction with_canary(spec::ServerFunction function, std::vector<spec::TrafficShare> shares,
                                 const std::vector<spec::Revision>& more, spec::CanaryRules rules,
                                 Timestamp now);

// How a trial ends; `function` has one.
spec::ServerFunction with_canary_failed(spec::ServerFunction function, std::string reason, Timestamp now);
spec::ServerFunction with_canary_passed(spec::ServerFunction function);

}  // namespace poly::catalog
