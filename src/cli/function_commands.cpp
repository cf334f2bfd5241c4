// `poly function`: code and API functions in, listed, shown, out.
#include <algorithm>
#include <memory>
#include <optional>

#include "cli/deploy.hpp"
#include "cli/files.hpp"
#include "cli/function_lookup.hpp"
#include "cli/resource_commands.hpp"
#include "cli/rollout_options.hpp"
#include "cli/run_options.hpp"
#include "cli/value.hpp"
#include "spec/api_function.hpp"
#include "spec/code_function.hpp"

namespace poly::cli {
namespace {

enum class Switch { enabled, disabled };

}  // namespace
}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::Switch> = std::to_array<poly::EnumWord<poly::cli::Switch>>({
    {poly::cli::Switch::enabled, "enabled"},
    {poly::cli::Switch::disabled, "disabled"},
});

namespace poly::cli {
namespace {

using spec::Language;

struct AddOptions {
  HeadOptions head;
  std::string file;
  bool server = false;
  bool client = false;
  bool api = false;
  std::optional<Language> language;
  std::optional<Switch> logs;
  bool asynchronous = false;
  RunOptions run;
  RolloutOptions rollout;
  std::vector<std::string> requirements;
  std::optional<std::string> execution_api_key;
};

struct ListOptions {
  std::optional<FunctionKind> kind;
  std::optional<std::string> context;
};

Language language_of(const AddOptions& given) {
  if (given.language) return *given.language;
  const auto extension = std::filesystem::path(given.file).extension().string();
  if (extension == ".ts" || extension == ".mts" || extension == ".cts") return Language::typescript;
  if (extension == ".js" || extension == ".mjs" || extension == ".cjs") return Language::javascript;
  if (extension == ".py") return Language::python;
  if (extension == ".java") return Language::java;
  if (extension == ".go") return Language::go;
  throw Failure(ErrorKind::bad_request, given.file + ": the language cannot be told from '" + extension +
                                            "'; say it with --language");
}

// `name` and `name@version` (npm); of Python and Java the requirement is passed on as it is.
void add_requirements(JsonObject& body, const AddOptions& given, Language language) {
  if (given.requirements.empty()) return;
  const bool npm = language == Language::typescript || language == Language::javascript;
  JsonArray names;
  JsonObject versions;
  for (const std::string_view requirement : given.requirements) {
    const auto at = requirement.find('@', 1);
    const auto name = npm ? requirement.substr(0, at) : requirement;
    names.emplace_back(name);
    versions[name] = at == std::string_view::npos ? std::string_view("latest") : requirement.substr(at + 1);
  }
  body["requirements"] = std::move(names);
  if (npm) body["externalDependencies"] = std::move(versions);
}

Json code_function_body(const AddOptions& given, World& world) {
  auto body = given.head.members();
  const auto language = language_of(given);
  body["code"] = read_file(file_of(given.file, world));
  body["language"] = word_of(language);
  add_requirements(body, given, language);
  if (given.logs) body["logsEnabled"] = *given.logs == Switch::enabled;
  if (given.asynchronous) body["serverSideAsync"] = true;
  given.run.add_to(body);
  given.rollout.add_to(body);
  if (given.execution_api_key) body["executionApiKey"] = *given.execution_api_key;
  return body;
}

void check_options_of_server_functions(const AddOptions& given) {
  const bool some =
      given.logs || given.asynchronous || given.run.any() || given.rollout.any() || given.execution_api_key;
  if (given.server || !some) return;
  throw Failure(
      ErrorKind::bad_request,
      "--logs, --async, --execution-api-key and how it is run and rolled out are for server functions: add "
      "--server");
}

// `layer` of the server's answer: what came of its packages.
void tell_packages(Printer& printer, const Json& made) {
  const auto* layer = find(made, "layer");
  if (!layer || !layer->is_object()) return;
  const auto* count = find(*layer, "packages");
  const auto* reused = find(*layer, "reused");
  const auto* took = find(*layer, "installMs");
  if (!count || !reused || !took) return;
  const bool one = *count == 1;
  const auto packages = to_text(*count) + (one ? " package" : " packages");
  printer.note(*reused == true ? packages + (one ? " was" : " were") + " there already"
                               : packages + " installed in " + to_text(*took) + " ms");
}

// What is wrong with a source that was deployed all the same: type errors above all.
void tell_warnings(Printer& printer, const Json& made) {
  const auto* warnings = find(made, "warnings");
  const auto* lines = warnings ? warnings->if_array() : nullptr;
  if (!lines) return;
  for (const auto& line : *lines) {
    if (const auto* text = line.if_string()) printer.warning(*text);
  }
}

void add_code_function(Shell& shell, const AddOptions& given, FunctionKind kind) {
  if (given.file.empty())
    throw Failure(ErrorKind::bad_request, "FILE is missing: the source of the function");
  check_options_of_server_functions(given);
  const auto body = code_function_body(given, shell.world());
  shell.printer().progress("deploying " + given.head.name + " …");
  const auto made = deploy(shell, with_json(http::Method::post, collection_of(kind), body));
  tell_packages(shell.printer(), made);
  tell_warnings(shell.printer(), made);
  print_added(shell, std::string(word_of(kind)) + " function", made);
}

// The definition is a file; a name and what else was said on the command line win over it.
void add_api_function(Shell& shell, const AddOptions& given) {
  check_options_of_server_functions(given);
  const auto& file = given.file.empty() ? given.head.name : given.file;
  auto definition = read_json_file(file_of(file, shell.world()));
  if (!definition.is_object()) throw Failure(ErrorKind::bad_request, file + ": must be one JSON object");
  for (const auto& key : unknown_keys<spec::ApiFunction>(definition))
    shell.printer().warning(file + ": unknown key " + key);
  auto& members = definition.get_object();
  auto said = given.head.members();
  if (given.file.empty()) said.erase("name");
  if (given.head.context.empty()) said.erase("context");
  for (const auto& [key, value] : said) members[key] = value;
  print_added(
      shell, "API function",
      shell.api().content(with_json(http::Method::put, collection_of(FunctionKind::api), definition)));
}

void run_add(Shell& shell, const AddOptions& given) {
  if (given.api) return add_api_function(shell, given);
  add_code_function(shell, given, given.server ? FunctionKind::server : FunctionKind::client);
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command = group.add_command(
      "add", "Add a function, or a new revision of it when the path is taken by the same kind",
      {"poly function add placeOrder placeOrder.ts --context shop.orders --server",
       "poly function add greeting greeting.ts --context shop --client",
       "poly function add getContact.json --api        an API function, defined in JSON"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->head.name,
                     "Its name, which is also the name of the function in the source");
  command.positional("FILE", given->file,
                     "Its source (.ts, .js, .py, .java, .go), or its definition (.json) with --api",
                     Presence::optional);
  given->head.declare(command);
  const auto server = command.flag("--server", given->server, "A server function: runs on the server");
  const auto client = command.flag("--client", given->client, "A client function: shipped inside SDKs");
  const auto api = command.flag("--api", given->api, "An API function: calls another system");
  command.exactly_one_of({server, client, api});
  command.choice("--language", given->language, "Of the source; told from the ending of FILE");
  command.choice("--logs", given->logs, "Keep what a server function prints");
  command.flag("--async", given->asynchronous, "Answer callers at once, run afterwards");
  given->run.declare(command);
  given->rollout.declare(command);
  command.option("--requirement", "PACKAGE", given->requirements,
                 "A package that the source needs, such as lodash@^4.17.21; may be given again");
  command.option("--execution-api-key", "ID", given->execution_api_key,
                 "The key whose permissions its calls have");
  command.on_run([&shell, given] { run_add(shell, *given); });
}

const ResourceKind& function_kind() {
  static const ResourceKind kind{
      "function",
      "/functions",
      {{"PATH", "path"}, {"KIND", "kind"}, {"ID", "id"}, {"DESCRIPTION", "description"}}};
  return kind;
}

void run_list(Shell& shell, const ListOptions& given) {
  JsonArray all;
  for (const auto& entry : enum_words<FunctionKind>) {
    if (given.kind && *given.kind != entry.value) continue;
    for (auto& item : shell.api().list(get(collection_of(entry.value)))) {
      const auto context = shown_member(item, "context");
      if (given.context && context != *given.context && !context.starts_with(*given.context + ".")) continue;
      if (item.is_object()) item.get_object()["kind"] = entry.word;
      all.push_back(std::move(item));
    }
  }
  std::ranges::sort(all, {}, [](const Json& item) { return path_of(item); });
  shell.printer().result(all, table_of(function_kind(), all),
                         "no function yet; `poly function add` makes one");
}

void add_function_list(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("list", "List functions", {"poly function list", "poly function list --kind server"});
  auto given = std::make_shared<ListOptions>();
  command.choice("--kind", given->kind, "Only functions of this kind");
  command.option("--context", "CONTEXT", given->context, "Only what is in this context or below it");
  command.on_run([&shell, given] { run_list(shell, *given); });
}

void add_function_get(const Command& group, Shell& shell) {
  struct Options {
    std::string id;
    bool code = false;
  };
  const auto command = group.add_command("get", "Show one function",
                                         {"poly function get shop.orders.placeOrder",
                                          "poly function get shop.orders.placeOrder --code >placeOrder.ts"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, "Its id or path");
  command.flag("--code", given->code, "Print the source only");
  command.on_run([&shell, given] {
    const auto& api = shell.api();
    const auto found = api.content(get(function_path(find_function(api, given->id))));
    if (!given->code) return shell.printer().result(found, to_pretty_text(found));
    const auto source = shown_member(found, "sourceCode");
    const auto code = source.empty() ? shown_member(found, "code") : source;
    if (code.empty())
      throw Failure(ErrorKind::not_found, given->id + " has no source: it is an API function");
    shell.printer().result(Json(code), code);
  });
}

void add_function_delete(const Command& group, Shell& shell) {
  struct Options {
    std::string id;
    bool yes = false;
  };
  const auto command = group.add_command("delete", "Delete one function",
                                         {"poly function delete shop.orders.placeOrder --yes"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, "Its id or path");
  command.flag("-y,--yes", given->yes, "Do not ask");
  command.on_run([&shell, given] {
    const auto& api = shell.api();
    const auto function = find_function(api, given->id);
    const auto what = std::string(word_of(function.kind)) + " function " + function.path;
    confirm_deletion(shell, what, given->yes ? Confirmation::given : Confirmation::ask);
    api.content(remove(function_path(function)));
    shell.printer().result(JsonObject{{"id", function.id}, {"deleted", true}}, "deleted " + what);
  });
}

}  // namespace

void add_function_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("function", "API, server and client functions");
  add_add_command(group, shell);
  add_function_list(group, shell);
  add_function_get(group, shell);
  add_function_delete(group, shell);
  add_function_instances(group, shell);
  add_function_revisions(group, shell);
}

}  // namespace poly::cli
