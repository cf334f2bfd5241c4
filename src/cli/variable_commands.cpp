// `poly variable`: configuration and secrets. A secret need not stand on the command line, where other
// programs and the shell's history see it.
#include <memory>
#include <optional>

#include "cli/kinds.hpp"
#include "cli/resource_commands.hpp"
#include "cli/value.hpp"
#include "spec/variable.hpp"

namespace poly::cli {
namespace {

struct ValueOptions {
  std::optional<std::string> text;
  std::optional<std::string> environment;
  bool from_input = false;
  bool is_json = false;

  void declare(const Command& command);
  Json read(World& world) const;
};

void ValueOptions::declare(const Command& command) {
  const auto given = command.option("--value", "TEXT", text, "The value");
  const auto named =
      command.option("--value-env", "NAME", environment, "The value is in this environment variable");
  const auto input = command.flag("--value-stdin", from_input, "The value comes on standard input");
  command.exactly_one_of({given, named, input});
  command.flag("--value-is-json", is_json, "The value is JSON (a number, an object …), not text");
}

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string from_environment(const World& world, const std::string& name) {
  if (const auto* value = world.setting(name)) return *value;
  throw Failure(ErrorKind::bad_request, "--value-env: " + name + " is not set");
}

// On a terminal the value is typed unseen; from a pipe one line end at its end is not part of it.
std::string from_input_of(World& world) {
  if (world.terminal.in_kind() == StreamKind::terminal)
    return std::string(world.terminal.read_hidden_line("value: ").reveal());
  return without_line_end(text_of_argument("-", world));
}

Json ValueOptions::read(World& world) const {
  auto value = from_input    ? from_input_of(world)
               : environment ? from_environment(world, *environment)
                             : text.value();
  if (!is_json) return Json(value);
  auto json = parse_json(value, "value");
  // The reason could quote the value, so it stays unsaid.
  if (!json)
    throw Failure(ErrorKind::bad_request, "the value is not JSON; leave out --value-is-json for text");
  return std::move(*json);
}

struct AddOptions {
  HeadOptions head;
  ValueOptions value;
  std::optional<spec::Secrecy> secrecy;
  std::optional<std::string> expires;
};

void add_add_command(const Command& group, Shell& shell) {
  const auto command = group.add_command(
      "add", "Add a variable",
      {"poly variable add region --context shop --value eu-1",
       "poly variable add apiKey --context crm --secrecy SECRET --value-env CRM_API_KEY",
       "poly variable add apiKey --context crm --secrecy SECRET --value-stdin <key.txt",
       "poly variable add limits --context shop --value-is-json --value '{\"perMinute\": 60}'"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->head.name, "Its name");
  given->head.declare(command);
  given->value.declare(command);
  command.choice(
      "--secrecy", given->secrecy,
      "SECRET: only functions use it; OBSCURED: masked where people look; NONE unless said otherwise");
  command.option("--expires", "TIME", given->expires, "The ISO 8601 time after which it is gone");
  command.on_run([&shell, given] {
    auto body = given->head.members();
    body["value"] = given->value.read(shell.world());
    body["secrecy"] = word_of(given->secrecy.value_or(spec::Secrecy::none));
    if (given->expires) body["expiresAt"] = *given->expires;
    print_added(shell, "variable",
                shell.api().content(with_json(http::Method::post, variable_kind().collection, body)));
  });
}

void add_set_command(const Command& group, Shell& shell) {
  struct Options {
    std::string id;
    ValueOptions value;
  };
  const auto command = group.add_command(
      "set", "Give a variable another value",
      {"poly variable set shop.region --value eu-2", "poly variable set crm.apiKey --value-stdin <key.txt"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, "Its id or path");
  given->value.declare(command);
  command.on_run([&shell, given] {
    const auto& api = shell.api();
    const auto path = item_path(variable_kind(), find_id(api, variable_kind(), given->id));
    const auto changed = api.content(
        with_json(http::Method::patch, path, JsonObject{{"value", given->value.read(shell.world())}}));
    shell.printer().result(changed, "set variable " + given->id);
  });
}

}  // namespace

const ResourceKind& variable_kind() {
  static const ResourceKind kind{
      "variable",
      "/variables",
      {{"PATH", "path"}, {"ID", "id"}, {"SECRECY", "secrecy"}, {"DESCRIPTION", "description"}}};
  return kind;
}

void add_variable_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("variable", "Configuration and secrets");
  add_add_command(group, shell);
  add_set_command(group, shell);
  add_list_command(group, shell, variable_kind());
  add_get_command(group, shell, variable_kind());
  add_delete_command(group, shell, variable_kind());
}

}  // namespace poly::cli
