#include "gateway/instance_routes.hpp"

#include <cmath>

namespace poly::gateway {
namespace {

double to_one_decimal(double value) {
  return std::round(value * 10) / 10;
}

JsonObject describe(const runtime::InstanceStatus& instance) {
  return {{"pid", instance.pid},
          {"calls", instance.calls},
          {"memoryBytes", instance.resident_bytes},
          {"ageMs", instance.age.count()},
          {"idleMs", instance.idle.count()},
          {"draining", instance.draining}};
}

JsonObject describe(const runtime::ScalingEvent& event) {
  return {{"at", to_iso(event.at)}, {"from", event.from}, {"to", event.to}, {"reason", event.reason}};
}

JsonObject describe(const runtime::GroupStatus& group) {
  JsonObject out{{"revision", group.revision},
                 {"minScale", group.range.min},
                 {"maxScale", group.range.max},
                 {"concurrency", group.range.concurrency},
                 {"starting", group.starting},
                 {"waitingCalls", group.waiting},
                 {"wanted", group.decision.wanted},
                 {"reason", group.decision.reason},
                 {"panicking", group.decision.panicking},
                 {"callsInFlightStable", to_one_decimal(group.decision.stable_average)},
                 {"callsInFlightPanic", to_one_decimal(group.decision.panic_average)}};
  auto& instances = out["instances"].emplace_array();
  for (const auto& instance : group.instances) instances.emplace_back(describe(instance));
  auto& events = out["events"].emplace_array();
  for (const auto& event : group.events) events.emplace_back(describe(event));
  return out;
}

}  // namespace

void InstanceRoutes::add_to(RouteTable& routes) {
  routes.add({.method = http::Method::get,
              .path = "/functions/server/{id}/instances",
              .access = Access::needs(identity::Permission::custom_dev),
              .operation = "listServerFunctionInstances",
              .summary = "What runs of a server function, and what the autoscaler decided of late",
              .handle = [this](Context context) { return instances(std::move(context)); }});
}

Task<http::Response> InstanceRoutes::instances(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  auto reading = runtime_.status(function->id);
  const auto groups = co_await std::move(reading);
  JsonArray revisions;
  for (const auto& group : groups) revisions.emplace_back(describe(group));
  co_return json_reply(JsonObject{{"revisions", std::move(revisions)}});
}

}  // namespace poly::gateway
