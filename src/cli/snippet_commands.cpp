// `poly snippet`: pieces of code that people share.
#include <map>
#include <memory>
#include <optional>

#include "cli/files.hpp"
#include "cli/resource_commands.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  HeadOptions head;
  std::string file;
  std::optional<std::string> language;
};

const ResourceKind& snippet_kind() {
  static const ResourceKind kind{
      "snippet",
      "/snippets",
      {{"PATH", "path"}, {"ID", "id"}, {"LANGUAGE", "language"}, {"DESCRIPTION", "description"}}};
  return kind;
}

std::string language_of(const AddOptions& given) {
  if (given.language) return *given.language;
  static const std::map<std::string, std::string, std::less<>> languages{
      {".ts", "javascript"}, {".js", "javascript"}, {".mjs", "javascript"},
      {".py", "python"},     {".java", "java"},     {".go", "go"},
      {".cs", "csharp"},     {".json", "json"},     {".sh", "shell"}};
  const auto extension = std::filesystem::path(given.file).extension().string();
  const auto found = languages.find(extension);
  if (found != languages.end()) return found->second;
  throw Failure(ErrorKind::bad_request, given.file + ": the language cannot be told from '" + extension +
                                            "'; say it with --language");
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("add", "Add a snippet", {"poly snippet add retry retry.ts --context shared"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->head.name, "Its name");
  command.positional("FILE", given->file, "Its text");
  given->head.declare(command);
  command.option("--language", "LANGUAGE", given->language, "Told from the ending of FILE unless said");
  command.on_run([&shell, given] {
    auto body = given->head.members();
    body["code"] = read_file(file_of(given->file, shell.world()));
    body["language"] = language_of(*given);
    print_added(shell, "snippet",
                shell.api().content(with_json(http::Method::post, snippet_kind().collection, body)));
  });
}

}  // namespace

void add_snippet_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("snippet", "Pieces of code that people share");
  add_add_command(group, shell);
  add_list_command(group, shell, snippet_kind());
  add_get_command(group, shell, snippet_kind());
  add_delete_command(group, shell, snippet_kind());
}

}  // namespace poly::cli
