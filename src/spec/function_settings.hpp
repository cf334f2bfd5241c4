// How a server function is run: what one instance may use, and how many there are. What is absent is the
// runtime's own default.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/codec.hpp"

namespace poly::spec {

// What an environment variable of a function's instances holds: a text, or the value of a catalog variable.
// Exactly one of the two is there.
struct EnvironmentValue {
  std::optional<std::string> value;
  std::optional<std::string> variable;  // dotted path; a change of it reaches new instances without a deploy

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("value", self.value);
    field.optional("variable", self.variable);
  }
  bool operator==(const EnvironmentValue&) const = default;
};

struct FunctionSettings {
  std::optional<int> time_limit_seconds;  // of one call
  std::optional<int> memory_mib;          // resident, of one instance
  std::optional<double> cpu;              // cores that one instance may use, such as 0.5
  std::optional<int> concurrency;         // calls in flight in one instance
  std::optional<int> min_scale;           // instances that are kept even when nobody calls
  std::optional<int> max_scale;           // instances at most
  bool network = false;                   // whether its code may open connections of its own
  std::map<std::string, EnvironmentValue> environment;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("limitTime", self.time_limit_seconds);
    field.optional("memory", self.memory_mib);
    field.optional("cpu", self.cpu);
    field.optional("concurrency", self.concurrency);
    field.optional("minScale", self.min_scale);
    field.optional("maxScale", self.max_scale);
    field.optional("network", self.network);
    field.optional("environment", self.environment);
  }
  bool operator==(const FunctionSettings&) const = default;
};

}  // namespace poly::spec
