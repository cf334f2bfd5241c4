// `poly model verify`: where the other system does not do what the model says.
#include <algorithm>
#include <memory>

#include "cli/model_calls.hpp"
#include "cli/model_parts.hpp"
#include "cli/model_target.hpp"

namespace poly::cli {
namespace {

struct VerifyOptions {
  std::string target;
  std::optional<std::string> samples;
};

enum class Verdict { fits, differs, failed, skipped };

struct Finding {
  std::string path;
  Verdict verdict = Verdict::fits;
  std::size_t answers = 0;
  std::vector<std::string> problems;
};

}  // namespace
}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::Verdict> =
    std::to_array<poly::EnumWord<poly::cli::Verdict>>({
        {poly::cli::Verdict::fits, "fits"},
        {poly::cli::Verdict::differs, "differs"},
        {poly::cli::Verdict::failed, "failed"},
        {poly::cli::Verdict::skipped, "skipped"},
    });

namespace poly::cli {
namespace {

// What the model says of an answer with that status; null when it says nothing of such a status.
std::optional<Json> expected_schema(const spec::ApiFunction& function, int status) {
  const auto of = [](const std::string& type, const JsonText& schema) -> Json {
    if (!schema.empty()) return schema.parsed();
    if (type == "any") return JsonObject();
    if (type == "void") return JsonObject{{"enum", JsonArray{nullptr, ""}}};
    return JsonObject{{"type", type}};
  };
  for (const auto& other : function.other_return_types) {
    if (other.status_code == std::to_string(status)) return of(other.type, other.schema);
  }
  if (status >= 200 && status < 300) return of(function.return_type, function.return_type_schema);
  return std::nullopt;
}

void compare(const spec::ApiFunction& function, const Observed& answer, const spec::SchemaResolver& schemas,
             std::vector<std::string>& problems) {
  const auto place = "status " + std::to_string(answer.status);
  const auto expected = expected_schema(function, answer.status);
  if (!expected) {
    problems.push_back(place + ": the model does not know it");
    return;
  }
  spec::SchemaOptions options;
  options.unsupported_patterns = spec::SchemaOptions::UnsupportedPatterns::ignore;
  options.missing_references = spec::SchemaOptions::MissingReferences::fit_anything;
  const auto compiled = spec::CompiledSchema::compile(*expected, &schemas, options);
  if (!compiled) {
    problems.push_back(place + ": its schema cannot be used: " + compiled.error().message);
    return;
  }
  std::vector<std::string> misfits;
  compiled->check(answer.data, "$", misfits);
  for (auto& misfit : misfits) problems.push_back(place + ": " + misfit);
}

Finding finding_of(const spec::ApiFunction& function, const Observation& seen,
                   const spec::SchemaResolver& schemas) {
  Finding finding{seen.path, Verdict::fits, seen.answers.size(), {}};
  if (!seen.skipped.empty()) {
    finding.verdict = Verdict::skipped;
    finding.problems = {seen.skipped};
    return finding;
  }
  for (const auto& answer : seen.answers) compare(function, answer, schemas, finding.problems);
  // The same difference in many answers is one.
  std::ranges::sort(finding.problems);
  const auto repeated = std::ranges::unique(finding.problems);
  finding.problems.erase(repeated.begin(), repeated.end());
  if (!finding.problems.empty()) finding.verdict = Verdict::differs;
  if (!seen.failures.empty()) finding.verdict = Verdict::failed;
  finding.problems.insert(finding.problems.end(), seen.failures.begin(), seen.failures.end());
  return finding;
}

JsonObject document_of(const std::vector<Finding>& findings) {
  JsonObject document;
  for (const auto& entry : enum_words<Verdict>)
    document[entry.word] = std::ranges::count(findings, entry.value, &Finding::verdict);
  JsonArray functions;
  for (const auto& finding : findings) {
    JsonArray problems;
    for (const auto& problem : finding.problems) problems.emplace_back(problem);
    functions.push_back(JsonObject{{"path", finding.path},
                                   {"verdict", word_of(finding.verdict)},
                                   {"answers", finding.answers},
                                   {"problems", std::move(problems)}});
  }
  document["functions"] = std::move(functions);
  return document;
}

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& entry : enum_words<Verdict>) {
    const auto count = std::ranges::count(findings, entry.value, &Finding::verdict);
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(entry.word);
  }
  text += "\n";
  for (const auto& finding : findings) {
    if (finding.verdict == Verdict::fits) continue;
    text += std::string(word_of(finding.verdict)) + " " + finding.path + "\n";
    for (const auto& problem : finding.problems) text += "    " + problem + "\n";
  }
  return text;
}

void run_verify(Shell& shell, const VerifyOptions& given) {
  const ModelTarget target(shell, given.target);
  const auto samples = read_samples(shell, given.samples);
  const auto seen = observe(shell, target.functions(), samples);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < seen.size(); ++i)
    findings.push_back(finding_of(target.functions()[i], seen[i], target.schemas()));
  shell.printer().result(document_of(findings), text_of(findings));
  const auto is_bad = [](const Finding& finding) {
    return finding.verdict == Verdict::differs || finding.verdict == Verdict::failed;
  };
  if (std::ranges::any_of(findings, is_bad)) shell.end_with(ExitCode::failed);
}

}  // namespace

void add_model_verify(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("verify", "Say where answers differ from the model",
                        {"poly model verify crm", "poly model verify crm.model.json --samples answers.json"});
  auto given = std::make_shared<VerifyOptions>();
  command.positional("TARGET", given->target, "A model file, or a context or function of the server");
  command.option("--samples", "FILE", given->samples,
                 "By function: arguments to call with, or answers to compare; docs/training.md has the form");
  command.on_run([&shell, given] { run_verify(shell, *given); });
}

}  // namespace poly::cli
