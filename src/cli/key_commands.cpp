// `poly key`: API keys of the environment. A new key is shown once and never again.
#include <memory>
#include <optional>

#include "cli/resource_commands.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  std::string name;
  std::vector<std::string> permissions;
  std::optional<std::string> expires;
};

const ResourceKind& key_kind() {
  static const ResourceKind kind{
      "key",
      "/api-keys",
      {{"NAME", "name"}, {"ID", "id"}, {"CREATED", "createdAt"}, {"EXPIRES", "expiresAt"}}};
  return kind;
}

Json body_of(const AddOptions& given) {
  JsonObject permissions;
  for (const auto& permission : words_of(given.permissions)) permissions[permission] = true;
  if (permissions.empty()) permissions = {{"execute", true}, {"libraryGenerate", true}};
  JsonObject body{{"name", given.name}, {"permissions", std::move(permissions)}};
  if (given.expires) body["expiresAt"] = *given.expires;
  return body;
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("add", "Make an API key",
                        {"poly key add shop-frontend",
                         "poly key add deploy --permission customDev,manageWebhooks,manageTriggers"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->name, "What it is for");
  command.option("--permission", "PERMISSION", given->permissions,
                 "What it may do; execute and libraryGenerate unless said. Joined by commas, or given again");
  command.option("--expires", "TIME", given->expires, "The ISO 8601 time after which it is worth nothing");
  command.on_run([&shell, given] {
    const auto made =
        shell.api().content(with_json(http::Method::post, key_kind().collection, body_of(*given)));
    shell.printer().result(made, "added key " + given->name + "\nid   " + shown_member(made, "id") +
                                     "\nkey  " + shown_member(made, "key"));
    shell.printer().note("the key is shown this once: keep it now");
  });
}

}  // namespace

void add_key_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("key", "API keys");
  add_add_command(group, shell);
  add_list_command(group, shell, key_kind());
  add_delete_command(group, shell, key_kind());
}

}  // namespace poly::cli
