#include "cli/model_target.hpp"

#include "cli/function_lookup.hpp"
#include "cli/model_parts.hpp"
#include "cli/resource_kind.hpp"
#include "cli/value.hpp"
#include "spec/schema_definition.hpp"

namespace poly::cli {

ModelTarget::ModelTarget(Shell& shell, const std::string& named) : shell_(shell) {
  if (std::filesystem::exists(file_of(named, shell.world())))
    read_file(named);
  else
    read_catalog(named);
  resolver_.by_poly_path = [this](std::string_view path, std::string_view) {
    return schema_at(std::string(path));
  };
}

void ModelTarget::read_file(const std::string& named) {
  const auto model = read_checked_model(shell_, named);
  for (const auto& entry : model.functions)
    functions_.push_back(value_or_throw(decode<spec::ApiFunction>(entry)));
  for (const auto& entry : model.schemas) {
    const auto schema = value_or_throw(decode<spec::SchemaDefinition>(entry));
    known_schemas_[schema.head.path()] = schema.definition.parsed();
  }
}

void ModelTarget::read_catalog(const std::string& path) {
  std::vector<Call> calls;
  for (const auto& item : shell_.api().list(get(collection_of(FunctionKind::api)))) {
    const auto found = path_of(item);
    if (found == path || found.starts_with(path + "."))
      calls.push_back(get(collection_of(FunctionKind::api) + "/" + segment(shown_member(item, "id"))));
  }
  if (calls.empty()) {
    throw Failure(ErrorKind::not_found,
                  "'" + path + "' is no file, and no API function of the server has that path or context");
  }
  for (auto& answer : shell_.api().ask_all(calls, {})) {
    const auto detail = value_or_throw(std::move(answer));
    if (!detail.good()) throw Failure(error_of_answer(detail));
    functions_.push_back(value_or_throw(decode<spec::ApiFunction>(detail.content())));
  }
}

std::optional<Json> ModelTarget::schema_at(const std::string& path) {
  const auto known = known_schemas_.find(path);
  if (known != known_schemas_.end()) return known->second;
  auto& place = known_schemas_[path];
  const auto answer = shell_.api().ask(get("/schemas/" + segment(path)));
  const auto content = answer.good() ? answer.content() : Json();
  if (const auto* definition = find(content, "definition")) place = *definition;
  return place;
}

}  // namespace poly::cli
