#include "packages/requirement.hpp"

#include <algorithm>

#include <re2/re2.h>

#include "base/ascii_case.hpp"

namespace poly::packages {
namespace {

constexpr std::size_t text_bytes_max = 300;

std::unexpected<Error> wrong(std::string_view text, std::string_view expected) {
  return fail(ErrorKind::bad_request,
              "the requirement '" + std::string(text) + "' is not " + std::string(expected));
}

Result<Requirement> parse_npm(std::string_view text) {
  static const RE2 shape(R"(((?:@[\w~][\w.~-]*/)?[\w~][\w.~-]*)(?:@([\w.*^~<>=|+][\w.*^~<>=|+ -]*))?)");
  Requirement found;
  if (!RE2::FullMatch(text, shape, &found.name, &found.version)) {
    return wrong(text, "the name of an npm package, with a version if wanted (lodash@^4)");
  }
  return found;
}

// Names that differ in case, dots, dashes and underscores are one to PyPI.
std::string normal_name(std::string name) {
  name = lower(name);
  RE2::GlobalReplace(&name, "[-_.]+", "-");
  return name;
}

Result<Requirement> parse_pip(std::string_view text) {
  static const RE2 shape(
      R"(([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(\[[\w.,\s-]+\])?\s*((?:(?:===|==|!=|<=|>=|~=|<|>)\s*[\w.*+!-]+\s*,?\s*)*))");
  std::string name, extras, version;
  if (!RE2::FullMatch(text, shape, &name, &extras, &version)) {
    return wrong(text, "the name of a Python package, with versions if wanted (requests==2.31)");
  }
  RE2::GlobalReplace(&extras, R"(\s+)", "");
  RE2::GlobalReplace(&version, R"(\s+)", "");
  return Requirement{normal_name(std::move(name)) + extras, std::move(version)};
}

Result<Requirement> parse_maven(std::string_view text) {
  static const RE2 shape(R"(([\w.-]+:[\w.-]+):([\w.+-]+))");
  Requirement found;
  if (!RE2::FullMatch(text, shape, &found.name, &found.version)) {
    return wrong(text, "group:artifact:version of a Maven artifact");
  }
  return found;
}

}  // namespace

Ecosystem ecosystem_of(spec::Language language) {
  switch (language) {
    case spec::Language::javascript:
    case spec::Language::typescript:
      return Ecosystem::npm;
    case spec::Language::python:
      return Ecosystem::pip;
    case spec::Language::java:
      return Ecosystem::maven;
    case spec::Language::go:
      break;
  }
  CHECK(!"a language has an ecosystem");
  return Ecosystem::npm;
}

std::string Requirement::text(Ecosystem ecosystem) const {
  if (version.empty() || ecosystem == Ecosystem::pip) return name + version;
  return name + (ecosystem == Ecosystem::npm ? "@" : ":") + version;
}

Result<Requirement> parse_requirement(Ecosystem ecosystem, std::string_view text) {
  if (text.size() > text_bytes_max) return wrong(text.substr(0, text_bytes_max), "short enough");
  switch (ecosystem) {
    case Ecosystem::npm:
      return parse_npm(text);
    case Ecosystem::pip:
      return parse_pip(text);
    case Ecosystem::maven:
      return parse_maven(text);
  }
  return wrong(text, "of a known kind");
}

std::vector<Requirement> requirements_from(Ecosystem ecosystem, const std::vector<std::string>& texts) {
  std::vector<Requirement> all;
  for (const auto& text : texts) {
    auto requirement = value_or_throw(parse_requirement(ecosystem, text));
    const auto same = std::ranges::find(all, requirement.name, &Requirement::name);
    if (same == all.end()) {
      all.push_back(std::move(requirement));
    } else if (same->version != requirement.version) {
      throw Failure(ErrorKind::bad_request, "'" + requirement.name + "' is required twice, as '" +
                                                same->text(ecosystem) + "' and as '" + text + "'");
    }
  }
  std::ranges::sort(all, {}, &Requirement::name);
  return all;
}

}  // namespace poly::packages
