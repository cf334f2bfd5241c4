// `poly model generate`: what somebody has of another system becomes a model that people edit.
#include <memory>
#include <optional>

#include "cli/files.hpp"
#include "cli/model_kind.hpp"
#include "cli/model_parts.hpp"
#include "cli/model_source.hpp"
#include "cli/resource_kind.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

// What a model is called that came from no file.
constexpr std::string_view unnamed_model = "api";

struct GenerateOptions {
  std::string document;
  std::optional<std::string> curl;
  std::optional<DescriptionKind> kind;
  std::string context;
  std::optional<std::string> host_url;
  std::optional<std::string> host_url_argument;
  std::optional<int> depth;
  std::optional<std::string> output;

  bool is_from_file() const { return !curl && document != "-"; }
};

// `GET /pets/{id}: reason`, one line for each remark.
std::string remarks_of(const Json& report, std::string_view member, std::string_view title) {
  const auto& remarks = list_in(report, member);
  if (remarks.empty()) return "";
  auto text = std::string(title) + ":\n";
  for (const auto& remark : remarks) {
    text += "  " + shown_member(remark, "method") + " " + shown_member(remark, "path") + ": " +
            shown_member(remark, "reason") + "\n";
  }
  return text;
}

DescriptionSource source_of(World& world, const GenerateOptions& given) {
  const auto file = file_of(given.is_from_file() ? given.document : std::string(unnamed_model), world);
  auto text = given.curl              ? *given.curl
              : given.document == "-" ? text_of_argument("-", world)
                                      : read_file(file);
  auto kind = given.curl ? DescriptionKind::curl : kind_of(file, text);
  if (given.kind) kind = *given.kind;
  if (given.is_from_file()) return gather(kind, file, std::move(text));
  const std::string name(unnamed_model);
  return {.kind = kind, .entry = name, .files = {{name, std::move(text)}}};
}

void run_generate(Shell& shell, const GenerateOptions& given) {
  auto& world = shell.world();
  const auto source = source_of(world, given);
  auto call = reading_call(source);
  if (!given.context.empty()) call.query.emplace_back("context", given.context);
  if (given.host_url) call.query.emplace_back("hostUrl", *given.host_url);
  if (given.host_url_argument) call.query.emplace_back("hostUrlAsArgument", *given.host_url_argument);
  if (given.depth) call.query.emplace_back("depth", std::to_string(*given.depth));
  shell.printer().progress("reading " + source.entry + " …");
  const auto model = shell.api().content(call);

  const auto stem = std::filesystem::path(source.entry).stem().string();
  const auto output = file_of(given.output.value_or(stem + ".model.json"), world);
  write_file(output, to_pretty_text(model) + "\n");

  const auto* found = find(model, "report");
  const Json report = found ? *found : Json(JsonObject{});
  const auto functions = list_in(model, "functions").size();
  const auto webhooks = list_in(model, "webhooks").size();
  const auto schemas = list_in(model, "schemas").size();
  const JsonObject document{
      {"output", output.string()}, {"kind", word_of(source.kind)}, {"title", shown_member(model, "title")},
      {"functions", functions},    {"webhooks", webhooks},         {"schemas", schemas},
      {"report", report}};
  shell.printer().result(document, counted(functions, "function") + ", " + counted(webhooks, "webhook") +
                                       ", " + counted(schemas, "schema") + " in " + output.string() + "\n" +
                                       remarks_of(report, "refused", "refused") +
                                       remarks_of(report, "warnings", "warnings"));
  shell.printer().note("look it over, then `poly model train " + output.string() + "`");
}

}  // namespace

void add_model_generate(const Command& group, Shell& shell) {
  const auto command = group.add_command(
      "generate", "Make a model from OpenAPI, Postman, HAR, curl, GraphQL or WSDL",
      {"poly model generate petstore.yaml --context pets --output pets.model.json",
       "poly model generate recorded.har --context crm --host-url https://crm.example.com",
       "poly model generate --curl 'curl https://api.example.com/users/17' --context users"});
  auto given = std::make_shared<GenerateOptions>();
  const auto file = command.positional(
      "FILE", given->document,
      "The description; files that it refers to are read below its folder. `-` is standard input",
      Presence::optional);
  const auto curl = command.option("--curl", "COMMAND", given->curl, "A curl command instead of a file");
  command.exactly_one_of({file, curl});
  command.choice("--from", given->kind, "What the file is, when its name and text do not tell");
  command.option("--context", "CONTEXT", given->context, "The context that everything goes into");
  const auto url =
      command.option("--host-url", "URL", given->host_url,
                     "The host to call instead of that of the description; of GraphQL its endpoint");
  const auto argument = command.option("--host-url-as-argument", "NAME", given->host_url_argument,
                                       "Every function takes the host as its first argument, of this name");
  command.at_most_one_of({url, argument});
  command.option("--depth", "N", given->depth, "How deep answers of GraphQL are asked for, 1 to 6");
  command.option("-o,--output", "FILE", given->output,
                 "Where the model goes; beside you as NAME.model.json unless said");
  command.on_run([&shell, given] { run_generate(shell, *given); });
}

}  // namespace poly::cli
