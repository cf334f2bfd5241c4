// `poly model infer`: the functions of a model get the types of the answers that they give.
#include <memory>

#include "cli/files.hpp"
#include "cli/model_calls.hpp"
#include "cli/model_parts.hpp"
#include "cli/model_target.hpp"
#include "cli/resource_kind.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct InferOptions {
  std::string file;
  std::optional<std::string> samples;
  std::optional<std::string> output;
};

JsonObject sample_of(const Observed& answer) {
  const auto* text = answer.data.if_string();
  const bool is_text = text && !answer.content_type.contains("json");
  return {{"status", answer.status},
          {"headers", JsonObject{{"content-type", answer.content_type}}},
          {"body", answer.data.is_null() ? ""
                   : is_text             ? std::string(*text)
                                         : to_text(answer.data)}};
}

// The entry of the file and what was seen of it.
Call inference_call(const Json& entry, const std::vector<Observed>& answers) {
  JsonArray samples;
  for (const auto& answer : answers) samples.push_back(sample_of(answer));
  return with_json(http::Method::post, "/specification-input/inference",
                   JsonObject{{"function", entry}, {"samples", std::move(samples)}});
}

void run_infer(Shell& shell, const InferOptions& given) {
  const auto file = file_of(given.file, shell.world());
  auto document = read_json_file(file);
  const ModelTarget target(shell, given.file);
  const auto seen = observe(shell, target.functions(), read_samples(shell, given.samples));
  auto& entries = document.as_object()["functions"].as_array();
  std::vector<Call> calls;
  std::vector<std::size_t> places;
  std::string left_out;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i].answers.empty()) {
      calls.push_back(inference_call(entries[i], seen[i].answers));
      places.push_back(i);
    }
    if (!seen[i].skipped.empty()) left_out += "skipped " + seen[i].path + ": " + seen[i].skipped + "\n";
    for (const auto& failure : seen[i].failures) left_out += "failed " + seen[i].path + ": " + failure + "\n";
  }
  const auto answers = shell.api().ask_all(calls, {});
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto answer = value_or_throw(answers[i]);
    if (!answer.good()) throw Failure(error_of_answer(answer));
    entries[places[i]] = answer.content();
  }
  const auto output = given.output ? file_of(*given.output, shell.world()) : file;
  write_file(output, to_pretty_text(document) + "\n");
  const JsonObject result{
      {"output", output.string()}, {"inferred", calls.size()}, {"functions", seen.size()}};
  shell.printer().result(result, counted(calls.size(), "function") + " of " + std::to_string(seen.size()) +
                                     " have types of their answers now, in " + output.string() + "\n" +
                                     left_out);
}

}  // namespace

void add_model_infer(const Command& group, Shell& shell) {
  const auto command = group.add_command(
      "infer", "Give functions of a model the types of their answers",
      {"poly model infer crm.model.json", "poly model infer crm.model.json --samples answers.json"});
  auto given = std::make_shared<InferOptions>();
  command.positional("FILE", given->file, "A model whose functions are trained already");
  command.option("--samples", "FILE", given->samples, "As for `poly model verify`");
  command.option("-o,--output", "FILE", given->output, "Where the model goes; FILE unless said");
  command.on_run([&shell, given] { run_infer(shell, *given); });
}

}  // namespace poly::cli
