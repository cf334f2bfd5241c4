// `poly model`: an OpenAPI document becomes a model that people edit, then API functions of the catalog.
#include <memory>
#include <optional>
#include <set>

#include "cli/files.hpp"
#include "cli/model_file.hpp"
#include "cli/resource_kind.hpp"
#include "cli/shell.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

constexpr std::size_t unknown_keys_shown_max = 20;

struct GenerateOptions {
  std::string document;
  std::string context;
  std::optional<std::string> host_url;
  std::optional<std::string> host_url_argument;
  std::optional<std::string> output;
};

std::string counted(std::size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::size_t size_of(const Json& value, std::string_view member) {
  const auto* entries = find(value, member);
  return entries && entries->is_array() ? entries->get_array().size() : 0;
}

// `GET /pets/{id}: reason`, one line for each remark.
std::string remarks_of(const Json& report, std::string_view member, std::string_view title) {
  std::string text;
  const auto* remarks = find(report, member);
  if (!remarks || !remarks->is_array() || remarks->get_array().empty()) return text;
  text = std::string(title) + ":\n";
  for (const auto& remark : remarks->get_array()) {
    text += "  " + shown_member(remark, "method") + " " + shown_member(remark, "path") + ": " +
            shown_member(remark, "reason") + "\n";
  }
  return text;
}

void run_generate(Shell& shell, const GenerateOptions& given) {
  auto& world = shell.world();
  Call call{http::Method::post, "/specification-input/oas"};
  call.body = read_file(file_of(given.document, world));
  call.content_type = "text/plain; charset=utf-8";
  call.time_max = large_call_time_max;
  if (!given.context.empty()) call.query.emplace_back("context", given.context);
  if (given.host_url) call.query.emplace_back("hostUrl", *given.host_url);
  if (given.host_url_argument) call.query.emplace_back("hostUrlAsArgument", *given.host_url_argument);
  shell.printer().progress("reading " + given.document + " …");
  const auto model = shell.api().content(call);

  const auto stem = std::filesystem::path(given.document).stem().string();
  const auto output = file_of(given.output.value_or(stem + ".model.json"), world);
  write_file(output, to_pretty_text(model) + "\n");

  const auto* found = find(model, "report");
  const Json report = found ? *found : Json(JsonObject{});
  const auto functions = size_of(model, "functions");
  const auto webhooks = size_of(model, "webhooks");
  const auto schemas = size_of(model, "schemas");
  const JsonObject document{{"output", output.string()}, {"title", shown_member(model, "title")},
                            {"functions", functions},    {"webhooks", webhooks},
                            {"schemas", schemas},        {"report", report}};
  shell.printer().result(document, counted(functions, "function") + ", " + counted(webhooks, "webhook") +
                                       ", " + counted(schemas, "schema") + " in " + output.string() + "\n" +
                                       remarks_of(report, "refused", "refused") +
                                       remarks_of(report, "warnings", "warnings"));
  shell.printer().note("look it over, then `poly model train " + output.string() + "`");
}

Model read_checked(Shell& shell, const std::string& argument) {
  auto read = read_model(file_of(argument, shell.world()));
  const auto shown = std::min(read.unknown_keys.size(), unknown_keys_shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    shell.printer().warning(argument + ": unknown key " + read.unknown_keys[i]);
  if (shown < read.unknown_keys.size())
    shell.printer().warning(argument + ": " + counted(read.unknown_keys.size() - shown, "more unknown key"));
  return std::move(read.model);
}

// Entries of one kind, sent one by one to the same place.
struct Batch {
  std::string word;
  const JsonArray& entries;
  http::Method method;
  std::string path;
};

struct Problem {
  std::string word;
  std::string path;
  Error error;
};

// How a person finds the entry again: its path, or its place in the file when it has none.
std::string name_of(const Batch& batch, std::size_t index) {
  const auto path = path_of(batch.entries[index]);
  return path.empty() ? batch.word + " number " + std::to_string(index + 1) : path;
}

struct Outcome {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::vector<Problem> problems;
};

// What `known` has is updated, the rest is added.
void send(Shell& shell, const Batch& batch, const std::set<std::string>& known, Outcome& outcome) {
  std::vector<Call> calls;
  for (const auto& entry : batch.entries) calls.push_back(with_json(batch.method, batch.path, entry));
  const auto on_done = [&](std::size_t done) {
    shell.printer().progress(batch.word + "s: " + std::to_string(done) + " of " +
                             std::to_string(calls.size()));
  };
  const auto results = shell.api().ask_all(calls, on_done);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) {
      outcome.problems.push_back({batch.word, name_of(batch, i), results[i].error()});
    } else if (!results[i]->good()) {
      outcome.problems.push_back({batch.word, name_of(batch, i), error_of_answer(*results[i])});
    } else {
      (known.contains(path_of(batch.entries[i])) ? outcome.updated : outcome.added) += 1;
    }
  }
}

std::set<std::string> known_paths(const Api& api, const std::string& collection) {
  std::set<std::string> paths;
  for (const auto& item : api.list(get(collection))) paths.insert(path_of(item));
  return paths;
}

// What every entry would suffer from is told once and ends the command.
void stop_when_hopeless(const Outcome& outcome) {
  if (outcome.problems.empty() || outcome.added + outcome.updated > 0) return;
  const auto& error = outcome.problems.front().error;
  const bool hopeless = error.kind == ErrorKind::unauthorized || error.kind == ErrorKind::forbidden ||
                        error.kind == ErrorKind::upstream;
  if (hopeless) throw Failure(error);
}

JsonArray document_of(const std::vector<Problem>& problems) {
  JsonArray list;
  for (const auto& [word, path, error] : problems)
    list.push_back(JsonObject{{"kind", word}, {"path", path}, {"message", error.message}});
  return list;
}

std::string text_of(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& [word, path, error] : problems)
    text += "  " + word + " " + path + ": " + error.message + "\n";
  return text;
}

void run_validate(Shell& shell, const std::string& file) {
  const auto model = read_checked(shell, file);
  Outcome outcome;
  send(shell,
       {"function", model.functions, http::Method::post, "/specification-input/validation/api-function"}, {},
       outcome);
  send(shell,
       {"webhook", model.webhooks, http::Method::post, "/specification-input/validation/webhook-handle"}, {},
       outcome);
  stop_when_hopeless(outcome);
  const auto valid = outcome.added + outcome.updated;
  const auto& problems = outcome.problems;
  const JsonObject document{
      {"valid", valid}, {"invalid", problems.size()}, {"problems", document_of(problems)}};
  shell.printer().result(document, std::to_string(valid) + " valid, " + std::to_string(problems.size()) +
                                       " invalid\n" + text_of(problems));
  if (!problems.empty()) shell.end_with(ExitCode::failed);
}

// Schemas first, so that what refers to them finds them.
void run_train(Shell& shell, const std::string& file) {
  const auto model = read_checked(shell, file);
  Outcome outcome;
  for (const auto& batch : {Batch{"schema", model.schemas, http::Method::put, "/schemas"},
                            Batch{"function", model.functions, http::Method::put, "/functions/api"},
                            Batch{"webhook", model.webhooks, http::Method::put, "/webhooks"}}) {
    if (batch.entries.empty()) continue;
    send(shell, batch, known_paths(shell.api(), batch.path), outcome);
    stop_when_hopeless(outcome);
  }
  const auto& problems = outcome.problems;
  const JsonObject document{{"added", outcome.added},
                            {"updated", outcome.updated},
                            {"failed", problems.size()},
                            {"problems", document_of(problems)}};
  shell.printer().result(document, std::to_string(outcome.added) + " added, " +
                                       std::to_string(outcome.updated) + " updated, " +
                                       std::to_string(problems.size()) + " failed\n" + text_of(problems));
  if (!problems.empty()) shell.end_with(ExitCode::failed);
}

void add_generate(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("generate", "Make a model from an OpenAPI document",
                        {"poly model generate petstore.yaml --context pets --output pets.model.json",
                         "poly model generate crm.json --context crm --host-url https://crm.example.com"});
  auto given = std::make_shared<GenerateOptions>();
  command.positional("FILE", given->document, "The OpenAPI document, 3.0 or 3.1, in JSON or YAML");
  command.option("--context", "CONTEXT", given->context, "The context that everything goes into");
  const auto url = command.option("--host-url", "URL", given->host_url,
                                  "The host to call instead of the document's servers");
  const auto argument = command.option("--host-url-as-argument", "NAME", given->host_url_argument,
                                       "Every function takes the host as its first argument, of this name");
  command.at_most_one_of({url, argument});
  command.option("-o,--output", "FILE", given->output,
                 "Where the model goes; beside you as NAME.model.json unless said");
  command.on_run([&shell, given] { run_generate(shell, *given); });
}

void add_with_file(const Command& group, Shell& shell, std::string name, std::string summary,
                   void (*run)(Shell&, const std::string&)) {
  const auto command =
      group.add_command(name, std::move(summary), {"poly model " + name + " pets.model.json"});
  auto file = std::make_shared<std::string>();
  command.positional("FILE", *file, "A model, as `poly model generate` writes it");
  command.on_run([&shell, file, run] { run(shell, *file); });
}

}  // namespace

void add_model_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("model", "OpenAPI documents become API functions");
  add_generate(group, shell);
  add_with_file(group, shell, "validate", "Ask the server what it would refuse of a model", run_validate);
  add_with_file(group, shell, "train", "Add or update everything of a model", run_train);
}

}  // namespace poly::cli
