#include "cli/run_options.hpp"

#include "cli/value.hpp"

namespace poly::cli {
namespace {

template <class T>
void add_member(JsonObject& body, std::string_view name, const std::optional<T>& value) {
  if (value) body[name] = *value;
}

}  // namespace

void RunOptions::declare(const Command& command) {
  command.option("--time-limit", "SECONDS", time_limit_seconds, "Stop a run after that long");
  command.option("--memory", "MIB", memory_mebibytes, "Memory of one instance");
  command.option("--cpu", "CORES", cpu_cores, "Cores that one instance may use, such as 0.5");
  command.option("--concurrency", "CALLS", concurrency, "Calls at the same time in one instance");
  command.option("--min-scale", "N", min_scale, "Instances that are kept when nobody calls; 1 is always on");
  command.option("--max-scale", "N", max_scale, "Instances at most");
  command.flag("--network", network, "Let its code open connections of its own");
  command.option("--env", "NAME=TEXT", environment, "An environment variable; may be given again");
  command.option("--env-variable", "NAME=PATH", environment_variables,
                 "One with the value of a catalog variable; may be given again");
}

bool RunOptions::any() const {
  return time_limit_seconds || memory_mebibytes || cpu_cores || concurrency || min_scale || max_scale ||
         network || !environment.empty() || !environment_variables.empty();
}

void RunOptions::add_to(JsonObject& body) const {
  add_member(body, "limitTime", time_limit_seconds);
  add_member(body, "memory", memory_mebibytes);
  add_member(body, "cpu", cpu_cores);
  add_member(body, "concurrency", concurrency);
  add_member(body, "minScale", min_scale);
  add_member(body, "maxScale", max_scale);
  if (network) body["network"] = true;
  JsonObject values;
  for (const auto& argument : environment) {
    const auto [name, text] = named_text("--env", argument);
    values[name] = JsonObject{{"value", text}};
  }
  for (const auto& argument : environment_variables) {
    const auto [name, path] = named_text("--env-variable", argument);
    values[name] = JsonObject{{"variable", path}};
  }
  if (!values.empty()) body["environment"] = std::move(values);
}

}  // namespace poly::cli
