// An API function in the making: its arguments in groups, and the parts of its template.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "spec/api_function.hpp"
#include "training/names.hpp"

namespace poly::training {

// Arguments stand in the order of these groups; inside a group the required ones come first, then the
// order of the document counts.
enum class ArgumentGroup { host, path, query, header, cookie, security, body };
inline constexpr std::size_t argument_groups = 7;

class FunctionDraft final {
 public:
  // A name for an argument, not taken yet; the first of `wanted` that is free.
  std::string claim_name(const std::vector<std::string>& wanted);
  // The same for the name of something in the document; "argument" when nothing is left of it.
  std::string claim_name_for(std::string_view wire_name);

  void add(ArgumentGroup group, spec::ApiArgument argument);

  // Puts the groups together into `function.arguments`.
  void finish_arguments();

  spec::ApiFunction function;
  std::string host;                // `https://api.example.com/v1` or `{{hostUrl}}`
  std::string path;                // `/pets/{{petId}}`
  std::vector<std::string> query;  // `limit={{limit}}`
  std::vector<std::string> warnings;

 private:
  NameClaims names_;
  std::array<std::vector<spec::ApiArgument>, argument_groups> groups_;
};

// `{{name}}`
std::string placeholder(std::string_view name);

}  // namespace poly::training
