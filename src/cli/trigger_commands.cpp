// `poly trigger`: events bound to the server functions that handle them.
#include <memory>
#include <optional>

#include "cli/function_lookup.hpp"
#include "cli/kinds.hpp"
#include "cli/resource_commands.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  std::string name;
  std::string webhook;
  std::string error_handler;
  std::string function;
  bool wait_for_response = false;
  bool disabled = false;
};

const ResourceKind& trigger_kind() {
  static const ResourceKind kind{
      "trigger",
      "/triggers",
      {{"NAME", "name"}, {"ID", "id"}, {"ENABLED", "enabled"}, {"WAITS", "waitForResponse"}}};
  return kind;
}

Json body_of(const AddOptions& given, const Api& api) {
  JsonObject source;
  if (!given.webhook.empty()) {
    source["webhookHandleId"] = find_id(api, webhook_kind(), given.webhook);
  } else {
    source["errorHandler"] = JsonObject{{"path", given.error_handler}};
  }
  JsonObject body{
      {"source", std::move(source)},
      {"destination", JsonObject{{"serverFunctionId", find_server_function_id(api, given.function)}}},
      {"waitForResponse", given.wait_for_response}};
  if (!given.name.empty()) body["name"] = given.name;
  if (given.disabled) body["enabled"] = false;
  return body;
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command = group.add_command(
      "add", "Add a trigger",
      {"poly trigger add 'order placed' --webhook shop.orderPlaced --function shop.onOrder",
       "poly trigger add 'order page' --webhook shop.order --function shop.orderPage --wait-for-response",
       "poly trigger add 'shop failed' --error-handler shop --function ops.report"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->name, "Its name; made from its two ends when absent", Presence::optional);
  const auto webhook =
      command.option("--webhook", "ID", given->webhook, "Events of this webhook, by id or path");
  const auto errors = command.option("--error-handler", "PATH", given->error_handler,
                                     "Errors of functions at or below this path");
  command.exactly_one_of({webhook, errors});
  command.option("--function", "ID", given->function, "The server function that handles them, by id or path",
                 Presence::required);
  command.flag("--wait-for-response", given->wait_for_response,
               "The webhook answers what the function returns");
  command.flag("--disabled", given->disabled, "Do not run yet");
  command.on_run([&shell, given] {
    const auto body = body_of(*given, shell.api());
    print_added(shell, "trigger",
                shell.api().content(with_json(http::Method::post, trigger_kind().collection, body)));
  });
}

}  // namespace

void add_trigger_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("trigger", "Events bound to server functions");
  add_add_command(group, shell);
  add_list_command(group, shell, trigger_kind());
  add_get_command(group, shell, trigger_kind());
  add_delete_command(group, shell, trigger_kind());
}

}  // namespace poly::cli
