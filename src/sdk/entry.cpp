#include "sdk/entry.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace poly::sdk {
namespace {

// Which of the three trees an entry grows in: `poly`, `vari` or `schemas`.
enum class Tree { poly, vari, schemas };

Tree tree_of(EntryKind kind) {
  if (kind == EntryKind::variable) return Tree::vari;
  return kind == EntryKind::schema ? Tree::schemas : Tree::poly;
}

bool runs_in_javascript(const JsonObject& entry) {
  const auto language = text_of(entry, "language");
  return (language == "javascript" || language == "typescript") && !text_of(entry, "code").empty();
}

std::optional<EntryKind> kind_of(const JsonObject& entry) {
  const auto type = text_of(entry, "type");
  if (type == "apiFunction") return EntryKind::api_function;
  if (type == "serverFunction") return EntryKind::server_function;
  if (type == "customFunction" && runs_in_javascript(entry)) return EntryKind::client_function;
  if (type == "webhookHandle") return EntryKind::webhook;
  if (type == "serverVariable") return EntryKind::variable;
  if (type == "schema") return EntryKind::schema;
  return std::nullopt;
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    if (dot > 0) segments.emplace_back(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return segments;
}

std::string joined(const std::vector<std::string>& segments) {
  std::string path;
  for (const auto& segment : segments) path.append(path.empty() ? "" : ".").append(segment);
  return path;
}

std::unexpected<Error> refuse(std::size_t index, std::string_view reason) {
  return fail(ErrorKind::bad_request, "specs[" + std::to_string(index) + "]" + std::string(reason));
}

Result<std::optional<Entry>> read_entry(const Json& json, std::size_t index) {
  const auto* object = json.if_object();
  if (!object) return refuse(index, ": expected an object");
  const auto kind = kind_of(*object);
  if (!kind) return std::nullopt;

  Entry entry{.kind = *kind, .json = object};
  entry.id = text_of(*object, "id");
  if (entry.id.empty()) return refuse(index, ".id: is missing");
  // A name may carry dots for display; its last part is the name (wire.md section 3.1).
  auto name = split(text_of(*object, "name"));
  if (name.empty()) return refuse(index, ".name: is missing or blank");
  entry.segments = split(text_of(*object, "context"));
  entry.segments.push_back(std::move(name.back()));
  entry.path = joined(entry.segments);
  entry.description = text_of(*object, "description");
  entry.deprecated = text_of(*object, "state") == "DEPRECATED";
  if (const auto* visibility = entry.object("visibilityMetadata")) {
    entry.foreign_namespace = text_of(*visibility, "foreignTenantName");
  }
  return entry;
}

auto order_of(const Entry& entry) {
  return std::tuple(tree_of(entry.kind), std::string_view(entry.path), entry.foreign_namespace, entry.id);
}

bool same_place(const Entry& left, const Entry& right) {
  return tree_of(left.kind) == tree_of(right.kind) && left.path == right.path;
}

}  // namespace

const JsonObject* Entry::object(std::string_view key) const {
  const auto* member = json->if_contains(key);
  return member ? member->if_object() : nullptr;
}

Result<std::vector<Entry>> read_entries(const Json& specs) {
  const auto* array = specs.if_array();
  if (!array) return fail(ErrorKind::bad_request, "specs: expected an array, the answer of GET /specs");
  std::vector<Entry> entries;
  entries.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto entry = read_entry((*array)[i], i);
    if (!entry) return std::unexpected(std::move(entry).error());
    if (*entry) entries.push_back(std::move(**entry));
  }
  std::ranges::sort(entries,
                    [](const Entry& left, const Entry& right) { return order_of(left) < order_of(right); });
  const auto repeated = std::ranges::unique(entries, same_place);
  entries.erase(repeated.begin(), repeated.end());
  return entries;
}

}  // namespace poly::sdk
