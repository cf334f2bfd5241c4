// `poly model`: descriptions of other systems become a model that people edit, then API functions of the
// catalog.
#include <algorithm>

#include "cli/model_parts.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

constexpr std::size_t unknown_keys_shown_max = 20;

}  // namespace

std::string counted(std::size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

Model read_checked_model(Shell& shell, const std::string& argument) {
  auto read = read_model(file_of(argument, shell.world()));
  const auto shown = std::min(read.unknown_keys.size(), unknown_keys_shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    shell.printer().warning(argument + ": unknown key " + read.unknown_keys[i]);
  if (shown < read.unknown_keys.size())
    shell.printer().warning(argument + ": " + counted(read.unknown_keys.size() - shown, "more unknown key"));
  return std::move(read.model);
}

const JsonArray& list_in(const Json& value, std::string_view member) {
  static const JsonArray nothing;
  const auto* list = find(value, member);
  return list && list->is_array() ? list->get_array() : nothing;
}

void add_model_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("model", "Descriptions of other systems become API functions");
  add_model_generate(group, shell);
  add_model_validate(group, shell);
  add_model_train(group, shell);
  add_model_infer(group, shell);
  add_model_verify(group, shell);
}

}  // namespace poly::cli
