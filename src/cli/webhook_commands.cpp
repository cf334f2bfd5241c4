// `poly webhook`: HTTP endpoints that other systems call.
#include <memory>
#include <optional>

#include "base/id.hpp"
#include "cli/kinds.hpp"
#include "cli/resource_commands.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  HeadOptions head;
  std::optional<std::string> method;
  std::optional<std::string> subpath;
  std::optional<std::string> slug;
  std::optional<std::string> event_payload;
  std::optional<std::string> event_schema;
  std::optional<std::string> response_payload;
  std::optional<int> response_status;
  std::vector<std::string> response_headers;
  std::vector<std::string> security_functions;
  bool require_api_key = false;
  bool disabled = false;
};

JsonArray security_functions_of(const std::vector<std::string>& ids_or_paths) {
  JsonArray functions;
  for (const auto& one : ids_or_paths)
    functions.push_back(JsonObject{{Uuid::parse(one) ? "id" : "path", one}});
  return functions;
}

Json body_of(const AddOptions& given, World& world) {
  auto body = given.head.members();
  if (given.method) body["method"] = *given.method;
  if (given.subpath) body["subpath"] = *given.subpath;
  if (given.slug) body["slug"] = *given.slug;
  if (given.event_payload)
    body["eventPayload"] = json_of_argument("--event-payload", *given.event_payload, world);
  if (given.event_schema)
    body["eventPayloadTypeSchema"] = json_of_argument("--event-schema", *given.event_schema, world);
  if (given.response_payload)
    body["responsePayload"] = json_of_argument("--response-payload", *given.response_payload, world);
  if (given.response_status) body["responseStatus"] = *given.response_status;
  JsonObject headers;
  for (const auto& header : given.response_headers) {
    const auto [name, value] = named_text("--response-header", header);
    headers[name] = value;
  }
  if (!headers.empty()) body["responseHeaders"] = std::move(headers);
  if (!given.security_functions.empty())
    body["securityFunctions"] = security_functions_of(given.security_functions);
  if (given.require_api_key) body["requirePolyApiKey"] = true;
  if (given.disabled) body["enabled"] = false;
  return body;
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("add", "Add a webhook",
                        {"poly webhook add orderPlaced --context shop --event-payload '{\"orderId\": 7}'",
                         "poly webhook add order --context shop --method GET --subpath 'orders/{orderId}' "
                         "--event-payload '{}'"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->head.name, "Its name");
  given->head.declare(command);
  command.option("--method", "METHOD", given->method,
                 "The methods that it takes, joined by commas; POST unless said otherwise");
  command.option("--subpath", "TEMPLATE", given->subpath,
                 "What follows its address, such as orders/{orderId}");
  command.option("--slug", "SLUG", given->slug, "A readable name in its address");
  const auto example = command.option("--event-payload", "JSON", given->event_payload,
                                      "An example of what it receives; @file reads a file");
  const auto schema = command.option("--event-schema", "JSON", given->event_schema,
                                     "The JSON Schema of what it receives; @file reads a file");
  command.at_most_one_of({example, schema});
  command.option("--response-payload", "JSON", given->response_payload,
                 "What it answers when no trigger does; @file reads a file");
  command.option("--response-status", "STATUS", given->response_status, "The status of that answer");
  command.option("--response-header", "NAME=VALUE", given->response_headers,
                 "A header of that answer; may be given again");
  command.option("--security-function", "ID", given->security_functions,
                 "A server function, by id or path, that lets calls in; may be given again");
  command.flag("--require-api-key", given->require_api_key, "Callers need a key of this server");
  command.flag("--disabled", given->disabled, "Do not take calls yet");
  command.on_run([&shell, given] {
    const auto body = body_of(*given, shell.world());
    print_added(shell, "webhook",
                shell.api().content(with_json(http::Method::post, webhook_kind().collection, body)));
  });
}

}  // namespace

const ResourceKind& webhook_kind() {
  static const ResourceKind kind{
      "webhook",
      "/webhooks",
      {{"PATH", "path"}, {"ID", "id"}, {"ENABLED", "enabled"}, {"DESCRIPTION", "description"}}};
  return kind;
}

void add_webhook_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("webhook", "HTTP endpoints that other systems call");
  add_add_command(group, shell);
  add_list_command(group, shell, webhook_kind());
  add_get_command(group, shell, webhook_kind());
  add_delete_command(group, shell, webhook_kind());
}

}  // namespace poly::cli
