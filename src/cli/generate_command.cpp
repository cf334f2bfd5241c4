// `poly generate`: the catalog becomes an SDK inside the developer's project.
#include <map>
#include <memory>
#include <optional>

#include "cli/sdk_project.hpp"
#include "cli/shell.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

enum class SdkLanguage { typescript };

}  // namespace
}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::SdkLanguage> =
    std::to_array<poly::EnumWord<poly::cli::SdkLanguage>>(
        {{poly::cli::SdkLanguage::typescript, "typescript"}});

namespace poly::cli {
namespace {

struct GenerateOptions {
  std::optional<SdkLanguage> language;
  std::optional<std::string> output;
  std::vector<std::string> contexts, names, ids;
  bool no_types = false;
};

std::filesystem::path packages_of(const GenerateOptions& given, const World& world) {
  if (given.output) return file_of(*given.output, world);
  if (const auto packages = project_packages(world.folder)) return *packages;
  throw Failure(ErrorKind::bad_request,
                "there is no package.json in " + world.folder.string() +
                    " or above; run `npm init` first, or say where with --output DIR");
}

void run_generate(Shell& shell, const GenerateOptions& given) {
  const auto packages = packages_of(given, shell.world());
  const SdkSelection selection{words_of(given.contexts), words_of(given.names), words_of(given.ids),
                               given.no_types};
  const auto& api = shell.api();
  shell.printer().progress("reading the catalog …");
  const auto specs = api.list(specs_call(selection));
  shell.printer().progress("writing the SDK …");
  const auto files = value_or_throw(sdk_files(specs, selection, api.settings()));
  for (const auto& name : replace_packages(packages, files)) {
    shell.printer().warning((packages / name).string() +
                            " was installed from elsewhere and is left alone; `npm uninstall " + name +
                            "` makes place");
  }
  const auto folder = (packages / "openpoly").string();
  const JsonObject document{
      {"language", "typescript"}, {"folder", folder}, {"specs", specs.size()}, {"files", files.size()}};
  shell.printer().result(document,
                         "SDK for " + std::to_string(specs.size()) + " things of the catalog in " + folder);
  shell.printer().note("import poly, { vari } from 'openpoly'");
}

}  // namespace

void add_generate_command(const Command& root, Shell& shell) {
  const auto command = root.add_command(
      "generate", "Make the SDK of the catalog for this project",
      {"poly generate                             into node_modules/openpoly of the npm project here",
       "poly generate --context shop --context crm", "poly generate --output ./sdk"});
  auto given = std::make_shared<GenerateOptions>();
  command.choice("--language", given->language, "Of the SDK");
  command.option("-o,--output", "DIR", given->output,
                 "The folder that the packages go into, instead of node_modules");
  command.option("--context", "CONTEXT", given->contexts,
                 "Only this context and what is below it; may be given again");
  command.option("--name", "NAME", given->names, "Only things of this name; may be given again");
  command.option("--id", "ID", given->ids, "Only the thing with this id; may be given again");
  command.flag("--no-types", given->no_types, "Everything is `any`: smaller, and nothing is checked");
  command.on_run([&shell, given] { run_generate(shell, *given); });
}

}  // namespace poly::cli
