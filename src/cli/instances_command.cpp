// `poly function instances`: what runs of a server function, and why so much of it.
#include <fmt/format.h>

#include "cli/function_lookup.hpp"
#include "cli/resource_commands.hpp"

namespace poly::cli {
namespace {

double number(const Json& object, std::string_view name) {
  const auto* member = object.is_object() ? object.get_object().if_contains(name) : nullptr;
  return member && member->is_number() ? member->to_number<double>() : 0;
}

const JsonArray& array(const Json& object, std::string_view name) {
  static const JsonArray none;
  const auto* member = object.is_object() ? object.get_object().if_contains(name) : nullptr;
  return member && member->is_array() ? member->get_array() : none;
}

std::string seconds(double milliseconds) {
  return fmt::format("{:.1f} s", milliseconds / 1000);
}

std::string state_of(const Json& instance) {
  if (shown_member(instance, "draining") == "true") return "draining";
  return number(instance, "calls") > 0 ? "busy" : "idle";
}

std::string text_of_revision(const Json& revision) {
  auto out = fmt::format(
      "revision {}: {} of {} to {} instances, {} starting, {} calls waiting; wants {} ({})\n",
      number(revision, "revision"), array(revision, "instances").size(), number(revision, "minScale"),
      number(revision, "maxScale"), number(revision, "starting"), number(revision, "waitingCalls"),
      number(revision, "wanted"), shown_member(revision, "reason"));
  Table instances({"PID", "STATE", "CALLS", "MEMORY", "AGE", "IDLE"});
  for (const auto& instance : array(revision, "instances")) {
    instances.add({shown_member(instance, "pid"), state_of(instance), shown_member(instance, "calls"),
                   fmt::format("{:.0f} MiB", number(instance, "memoryBytes") / (1 << 20)),
                   seconds(number(instance, "ageMs")), seconds(number(instance, "idleMs"))});
  }
  if (!instances.empty()) out += "\n" + instances.text();
  Table events({"AT", "FROM", "TO", "BECAUSE"});
  for (const auto& event : array(revision, "events")) {
    events.add({shown_member(event, "at"), shown_member(event, "from"), shown_member(event, "to"),
                shown_member(event, "reason")});
  }
  if (!events.empty()) out += "\n" + events.text();
  return out;
}

}  // namespace

void add_function_instances(const Command& group, Shell& shell) {
  const auto command = group.add_command("instances", "Show what runs of a server function, and why",
                                         {"poly function instances shop.orders.placeOrder"});
  auto path = std::make_shared<std::string>();
  command.positional("ID", *path, "Its id or path");
  command.on_run([&shell, path] {
    const auto& api = shell.api();
    const auto id = find_server_function_id(api, *path);
    const auto found = api.content(get(collection_of(FunctionKind::server) + "/" + id + "/instances"));
    std::string text;
    for (const auto& revision : array(found, "revisions")) {
      text.append(text.empty() ? "" : "\n").append(text_of_revision(revision));
    }
    shell.printer().result(found, text.empty() ? "no instance: it is asleep" : text);
  });
}

}  // namespace poly::cli
