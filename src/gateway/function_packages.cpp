#include "gateway/function_packages.hpp"

#include <algorithm>

#include "packages/requirement.hpp"

namespace poly::gateway {
namespace {

using packages::Ecosystem;
using packages::Requirement;

// The tag that a package without a wanted version has.
constexpr std::string_view any_version = "latest";

Requirement parsed(Ecosystem ecosystem, const std::string& text, const std::string& field) {
  auto requirement = packages::parse_requirement(ecosystem, text);
  if (!requirement) throw Failure(ErrorKind::bad_request, field + ": " + requirement.error().message);
  if (requirement->version == any_version) requirement->version.clear();
  return std::move(*requirement);
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string words_of(const packages::Step& step, Ecosystem ecosystem, std::size_t wanted) {
  switch (step.stage) {
    case packages::Stage::resolving:
      return "resolving " + counted(wanted, std::string(word_of(ecosystem)) + " package");
    case packages::Stage::installing:
      return "installing " + counted(step.packages, "package");
    case packages::Stage::reused:
      return counted(step.packages, "package") + (step.packages == 1 ? " is" : " are") + " there already";
  }
  return "";
}

class Wishes final {
 public:
  explicit Wishes(Ecosystem ecosystem) : ecosystem_(ecosystem) {}

  void add(const std::vector<std::string>& texts, const std::string& field) {
    for (std::size_t i = 0; i < texts.size(); ++i)
      all_.push_back(parsed(ecosystem_, texts[i], field + "[" + std::to_string(i) + "]"));
  }
  // The version that clients tell beside the names.
  void set_versions(const std::map<std::string, std::string>& versions) {
    for (const auto& [name, version] : versions) {
      auto told = parsed(ecosystem_, name + "@" + version, "$.externalDependencies." + name);
      const auto found = std::ranges::find(all_, told.name, &Requirement::name);
      if (found == all_.end()) {
        all_.push_back(std::move(told));
      } else if (found->version.empty()) {
        found->version = std::move(told.version);
      }
    }
  }
  void add_missing(const std::vector<std::string>& names) {
    for (const auto& name : names) {
      auto wanted = parsed(ecosystem_, name, "the import of '" + name + "'");
      if (std::ranges::find(all_, wanted.name, &Requirement::name) == all_.end())
        all_.push_back(std::move(wanted));
    }
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& requirement : all_) texts.push_back(requirement.text(ecosystem_));
    return texts;
  }

 private:
  Ecosystem ecosystem_;
  std::vector<Requirement> all_;
};

}  // namespace

std::vector<std::string> requirements_of(const DeployRequest& request, spec::Language language,
                                         const std::vector<std::string>& imports,
                                         const std::vector<std::string>& previous) {
  if (language == spec::Language::go) {
    if (request.requirements && !request.requirements->empty())
      throw Failure(ErrorKind::bad_request, "$.requirements: functions in Go have the standard library only");
    return {};
  }
  const auto ecosystem = packages::ecosystem_of(language);
  Wishes wishes(ecosystem);
  wishes.add(request.requirements.value_or(previous), "$.requirements");
  if (ecosystem == Ecosystem::npm) {
    wishes.set_versions(request.external_dependencies.value_or(std::map<std::string, std::string>()));
    wishes.add_missing(imports);
  } else if (ecosystem == Ecosystem::pip && !request.requirements) {
    wishes.add_missing(imports);
  }
  return wishes.texts();
}

Task<std::optional<packages::Layer>> install_packages(DeployParts parts, spec::Language language,
                                                      std::vector<std::string> requirements,
                                                      std::function<void(std::string_view)> tell) {
  if (requirements.empty()) co_return std::nullopt;
  packages::Progress progress;
  if (tell) {
    progress = [ecosystem = packages::ecosystem_of(language), wanted = requirements.size(),
                tell = std::move(tell)](const packages::Step& step) {
      tell(words_of(step, ecosystem, wanted));
    };
  }
  auto installing = parts.packages.install(language, std::move(requirements), std::move(progress));
  auto layer = co_await run_on(parts.control, std::move(installing));
  co_return layer;
}

void set_layer(spec::Code& code, const std::optional<packages::Layer>& layer) {
  code.layer.reset();
  code.locked.clear();
  if (!layer) return;
  code.layer = layer->hash;
  code.locked = layer->locked;
}

void add_layer(JsonObject& detail, const spec::Code& code) {
  if (!code.layer) return;
  detail["locked"] = encode(code.locked);
  detail["layer"] = JsonObject{{"hash", *code.layer}, {"packages", code.locked.size()}};
}

JsonObject installation_of(const packages::Layer& layer) {
  return {{"hash", layer.hash},
          {"packages", layer.locked.size()},
          {"reused", layer.reused},
          {"installMs", layer.took.count()}};
}

}  // namespace poly::gateway
