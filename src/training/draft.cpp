#include "training/draft.hpp"

#include <algorithm>

namespace poly::training {

std::string FunctionDraft::claim_name(const std::vector<std::string>& wanted) {
  return names_.claim_first_free(wanted);
}

std::string FunctionDraft::claim_name_for(std::string_view wire_name) {
  const auto name = camel_case(wire_name);
  return names_.claim(name.empty() ? "argument" : name);
}

void FunctionDraft::add(ArgumentGroup group, spec::ApiArgument argument) {
  groups_[static_cast<std::size_t>(group)].push_back(std::move(argument));
}

void FunctionDraft::finish_arguments() {
  for (auto& group : groups_) {
    for (const bool required : {true, false}) {
      std::ranges::copy_if(group, std::back_inserter(function.arguments),
                           [&](const auto& argument) { return argument.required == required; });
    }
  }
}

std::string placeholder(std::string_view name) {
  return "{{" + std::string(name) + "}}";
}

}  // namespace poly::training
