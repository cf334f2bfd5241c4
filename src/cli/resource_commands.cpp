#include "cli/resource_commands.hpp"

#include <istream>
#include <memory>
#include <ostream>

namespace poly::cli {
namespace {

struct ListOptions {
  std::optional<std::string> context;
};

bool is_below(const Json& item, const std::string& context) {
  const auto own = shown_member(item, "context");
  return own == context || own.starts_with(context + ".");
}

bool has_context(const ResourceKind& kind) {
  return kind.columns.front().member == "path";
}

JsonArray filtered(JsonArray items, const std::optional<std::string>& context) {
  if (!context) return items;
  JsonArray kept;
  for (auto& item : items) {
    if (is_below(item, *context)) kept.push_back(std::move(item));
  }
  return kept;
}

}  // namespace

void add_list_command(const Command& group, Shell& shell, const ResourceKind& kind) {
  const auto command =
      group.add_command("list", "List every " + kind.word,
                        {"poly " + kind.word + " list", "poly " + kind.word + " list --json"});
  auto given = std::make_shared<ListOptions>();
  if (has_context(kind))
    command.option("--context", "CONTEXT", given->context, "Only what is in this context or below it");
  command.on_run([&shell, kind, given] {
    const auto items = filtered(shell.api().list(get(kind.collection)), given->context);
    shell.printer().result(items, table_of(kind, items),
                           "no " + kind.word + " yet; `poly " + kind.word + " add` makes one");
  });
}

void add_get_command(const Command& group, Shell& shell, const ResourceKind& kind) {
  const auto command = group.add_command("get", "Show one " + kind.word, {"poly " + kind.word + " get ID"});
  auto id = std::make_shared<std::string>();
  command.positional("ID", *id, has_context(kind) ? "Its id or path" : "Its id or name");
  command.on_run([&shell, kind, id] {
    const auto& api = shell.api();
    const auto found = api.content(get(item_path(kind, find_id(api, kind, *id))));
    shell.printer().result(found, to_pretty_text(found));
  });
}

void add_delete_command(const Command& group, Shell& shell, const ResourceKind& kind) {
  struct Options {
    std::string id;
    bool yes = false;
  };
  const auto command =
      group.add_command("delete", "Delete one " + kind.word,
                        {"poly " + kind.word + " delete ID", "poly " + kind.word + " delete ID --yes"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, has_context(kind) ? "Its id or path" : "Its id or name");
  command.flag("-y,--yes", given->yes, "Do not ask");
  command.on_run([&shell, kind, given] {
    const auto& api = shell.api();
    const auto id = find_id(api, kind, given->id);
    confirm_deletion(shell, kind.word + " " + given->id,
                     given->yes ? Confirmation::given : Confirmation::ask);
    api.content(remove(item_path(kind, id)));
    shell.printer().result(JsonObject{{"id", id}, {"deleted", true}},
                           "deleted " + kind.word + " " + given->id);
  });
}

void confirm_deletion(Shell& shell, std::string_view what, Confirmation confirmation) {
  auto& terminal = shell.world().terminal;
  if (confirmation == Confirmation::given || terminal.in_kind() != StreamKind::terminal) return;
  terminal.err() << "Delete " << what << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(terminal.in(), answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return;
  throw Failure(ErrorKind::bad_request, std::string(what) + " was not deleted: not confirmed");
}

void print_added(Shell& shell, std::string_view word, const Json& made) {
  const auto id = shown_member(made, "id");
  if (id.empty()) {
    throw Failure(ErrorKind::upstream,
                  "adding the " + std::string(word) + ": the server's answer has no id; is " +
                      base_url_text(shell.api().settings().base_url) + " an OpenPoly server?");
  }
  std::string text = "added " + std::string(word) + " " + path_of(made) + "\nid   " + id;
  if (const auto url = shown_member(made, "url"); !url.empty()) text += "\nurl  " + url;
  shell.printer().result(made, text);
}

void HeadOptions::declare(const Command& command) {
  command.option("--context", "CONTEXT", context,
                 "The dotted context that it goes into, such as shop.orders");
  command.option("--description", "TEXT", description, "What it is for");
  command.choice("--visibility", visibility, "Who sees it; ENVIRONMENT unless said otherwise");
}

JsonObject HeadOptions::members() const {
  JsonObject members{{"name", name}, {"context", context}};
  if (description) members["description"] = *description;
  if (visibility) members["visibility"] = word_of(*visibility);
  return members;
}

}  // namespace poly::cli
