// A package as a developer names it: `lodash@^4`, `requests==2.31`, `group:artifact:version`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/enum_words.hpp"
#include "base/error.hpp"
#include "spec/code_function.hpp"

namespace poly::packages {

// Where packages of a language come from.
enum class Ecosystem { npm, pip, maven };

// Of a language that has packages, which Go has not here.
Ecosystem ecosystem_of(spec::Language language);

struct Requirement {
  std::string name;     // as its registry knows it
  std::string version;  // as its tool takes it: `^4`, `==2.31`; empty when the developer did not say

  std::string text(Ecosystem ecosystem) const;
  bool operator==(const Requirement&) const = default;
};

// Only packages of a registry: addresses, files and options of the tool are refused, since what is named here
// is fetched and unpacked by this server.
Result<Requirement> parse_requirement(Ecosystem ecosystem, std::string_view text);

// All of a function's, sorted, each once. Throws bad_request that names the one that is wrong, or that is
// asked for in two versions.
std::vector<Requirement> requirements_from(Ecosystem ecosystem, const std::vector<std::string>& texts);

}  // namespace poly::packages

template <>
inline constexpr auto poly::enum_words<poly::packages::Ecosystem> =
    std::to_array<poly::EnumWord<poly::packages::Ecosystem>>({
        {poly::packages::Ecosystem::npm, "npm"},
        {poly::packages::Ecosystem::pip, "pip"},
        {poly::packages::Ecosystem::maven, "maven"},
    });
