#include "catalog/variables.hpp"

#include <charconv>

namespace poly::catalog {
namespace {

constexpr std::string_view reference_type = "PolyVariable";

[[noreturn]] void no_such_step(std::string_view subpath, std::string_view step) {
  throw Failure(ErrorKind::bad_request,
                "the variable has no '" + std::string(step) + "' in its path '" + std::string(subpath) + "'");
}

// Takes the next step off a path: `a`, `.b`, `[0]`.
std::string_view take_step(std::string_view& rest) {
  if (rest.starts_with('.')) rest.remove_prefix(1);
  const bool index = rest.starts_with('[');
  const auto end = index ? rest.find(']') : std::min(rest.find_first_of(".["), rest.size());
  if (index && end == std::string_view::npos)
    throw Failure(ErrorKind::bad_request, "a '[' in a variable's path is not closed");
  const auto step = index ? rest.substr(1, end - 1) : rest.substr(0, end);
  rest.remove_prefix(index ? end + 1 : end);
  return step;
}

const Json* step_into(const Json& value, std::string_view step) {
  if (const auto* array = value.if_array()) {
    std::size_t index = 0;
    const auto [stop, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
    const bool whole = problem == std::errc() && stop == step.data() + step.size();
    return whole && index < array->size() ? &(*array)[index] : nullptr;
  }
  return find(value, step);
}

bool is_reference(const JsonObject& object) {
  return text_of(object, "type") == reference_type;
}

Json resolve(const JsonObject& reference, const Snapshot& snapshot, const Viewpoint& from,
             const vault::Vault& vault) {
  const auto id = text_of(reference, "id");
  const auto by_path = text_of(reference, "pathIdentifier");
  if (id.empty() && by_path.empty()) {
    throw Failure(ErrorKind::bad_request, "a PolyVariable reference needs `id` or `pathIdentifier`");
  }
  const auto variable = find_variable(snapshot, from, id.empty() ? by_path : id);
  auto subpath = text_of(reference, "path");
  if (subpath.empty()) subpath = text_of(reference, "subpath");
  return part_of(open_variable(vault, *variable), subpath);
}

}  // namespace

Json open_variable(const vault::Vault& vault, const Resource& variable) {
  const auto text = value_or_throw(vault.open(variable.environment, variable.id, variable.sealed_value));
  return value_or_throw(parse_json(text.reveal(), "a variable's value"));
}

ResourcePointer find_variable(const Snapshot& snapshot, const Viewpoint& from, std::string_view id_or_path) {
  ResourcePointer found;
  if (const auto id = ResourceId::parse(id_or_path)) {
    found = snapshot.find(*id);
    if (found && (found->kind() != spec::Kind::variable || !snapshot.visible(from, *found))) found = nullptr;
  } else {
    found = snapshot.find(from, NameSpace::vari, id_or_path);
  }
  if (!found) throw Failure(ErrorKind::not_found, "there is no variable '" + std::string(id_or_path) + "'");
  return found;
}

Json part_of(const Json& value, std::string_view subpath) {
  const Json* at = &value;
  auto rest = subpath;
  for (std::size_t steps = 0; !rest.empty(); ++steps) {
    if (steps == subpath_steps_max)
      throw Failure(ErrorKind::bad_request, "a variable's path has more than 20 steps");
    const auto step = take_step(rest);
    at = step_into(*at, step);
    if (!at) no_such_step(subpath, step);
  }
  return *at;
}

void inject_variables(Json& value, const Snapshot& snapshot, const Viewpoint& from,
                      const vault::Vault& vault) {
  if (auto* object = value.if_object()) {
    if (is_reference(*object)) {
      value = resolve(*object, snapshot, from, vault);
      return;
    }
    for (auto& [key, member] : *object) inject_variables(member, snapshot, from, vault);
  } else if (auto* array = value.if_array()) {
    for (auto& element : *array) inject_variables(element, snapshot, from, vault);
  }
}

bool mentions_variable(std::string_view text) {
  return text.find(reference_type) != std::string_view::npos;
}

}  // namespace poly::catalog
