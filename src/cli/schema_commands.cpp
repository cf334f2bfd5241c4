// `poly schema`: named JSON Schemas that functions and webhooks refer to.
#include <memory>

#include "cli/files.hpp"
#include "cli/resource_commands.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  HeadOptions head;
  std::string definition;
};

const ResourceKind& schema_kind() {
  static const ResourceKind kind{
      "schema", "/schemas", {{"PATH", "path"}, {"ID", "id"}, {"VISIBILITY", "visibility"}}};
  return kind;
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("add", "Add a schema", {"poly schema add Order order.schema.json --context shop"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->head.name, "Its name");
  command.positional("FILE", given->definition, "The JSON Schema");
  given->head.declare(command);
  command.on_run([&shell, given] {
    auto body = given->head.members();
    body["definition"] = read_json_file(file_of(given->definition, shell.world()));
    print_added(shell, "schema",
                shell.api().content(with_json(http::Method::post, schema_kind().collection, body)));
  });
}

}  // namespace

void add_schema_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("schema", "Named JSON Schemas");
  add_add_command(group, shell);
  add_list_command(group, shell, schema_kind());
  add_get_command(group, shell, schema_kind());
  add_delete_command(group, shell, schema_kind());
}

}  // namespace poly::cli
