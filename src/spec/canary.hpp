// A new revision on trial: it gets a part of the calls, and all of them or none when the trial ends.
#pragma once

#include <string>

#include "base/codec.hpp"

namespace poly::spec {

// When a trial fails, and when it is over.
struct CanaryRules {
  double error_percent_max = 5;  // past this, and past what the stable revision has, it fails …
  int calls_min = 50;            // … once so many calls went to the new revision
  int minutes = 10;              // without failing, after which it takes all calls

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("errorPercentMax", self.error_percent_max);
    field.optional("callsMin", self.calls_min);
    field.optional("minutes", self.minutes);
  }
  bool operator==(const CanaryRules&) const = default;
};

struct Canary {
  int candidate = 0;  // revision on trial
  int stable = 0;     // revision that takes all calls when the trial fails
  Timestamp began_at;
  CanaryRules rules;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("candidate", self.candidate);
    field.required("stable", self.stable);
    field.required("beganAt", self.began_at);
    CanaryRules::fields(self.rules, field);
  }
  bool operator==(const Canary&) const = default;
};

// A trial that failed, told until calls are divided anew.
struct RolledBack {
  int from = 0;
  int to = 0;
  Timestamp at;
  std::string reason;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("from", self.from);
    field.required("to", self.to);
    field.required("at", self.at);
    field.required("reason", self.reason);
  }
  bool operator==(const RolledBack&) const = default;
};

}  // namespace poly::spec
