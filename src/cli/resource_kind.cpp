#include "cli/resource_kind.hpp"

#include "base/id.hpp"
#include "spec/resource.hpp"

namespace poly::cli {

std::string path_of(const Json& item) {
  return spec::join_path(shown_member(item, "context"), shown_member(item, "name"));
}

std::string shown_member(const Json& item, std::string_view member) {
  const auto dot = member.find('.');
  const auto* value = find(item, member.substr(0, dot));
  if (!value || value->is_null()) return "";
  if (dot != std::string_view::npos) return shown_member(*value, member.substr(dot + 1));
  if (const auto* text = value->if_string()) return std::string(*text);
  return to_text(*value);
}

Table table_of(const ResourceKind& kind, const JsonArray& items) {
  std::vector<std::string> titles;
  for (const auto& column : kind.columns) titles.push_back(column.title);
  Table table(std::move(titles));
  for (const auto& item : items) {
    std::vector<std::string> cells;
    for (const auto& column : kind.columns)
      cells.push_back(column.member == "path" ? path_of(item) : shown_member(item, column.member));
    table.add(std::move(cells));
  }
  return table;
}

std::string find_id(const Api& api, const ResourceKind& kind, std::string_view id_or_path) {
  if (Uuid::parse(id_or_path)) return std::string(id_or_path);
  std::string id;
  for (const auto& item : api.list(get(kind.collection))) {
    if (path_of(item) != id_or_path) continue;
    if (!id.empty()) {
      throw Failure(ErrorKind::conflict, "several are named '" + std::string(id_or_path) +
                                             "'; give an id of `poly " + kind.word + " list`");
    }
    id = shown_member(item, "id");
  }
  if (!id.empty()) return id;
  throw Failure(ErrorKind::not_found, "no " + kind.word + " '" + std::string(id_or_path) + "'; `poly " +
                                          kind.word + " list` shows what there is");
}

std::string item_path(const ResourceKind& kind, std::string_view id) {
  return kind.collection + "/" + segment(id);
}

}  // namespace poly::cli
