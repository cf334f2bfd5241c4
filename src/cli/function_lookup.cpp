#include "cli/function_lookup.hpp"

#include "base/id.hpp"
#include "cli/resource_kind.hpp"

namespace poly::cli {
namespace {

FunctionKind kind_of(std::string_view type, std::string_view id_or_path) {
  if (type == "apiFunction") return FunctionKind::api;
  if (type == "serverFunction") return FunctionKind::server;
  if (type == "clientFunction" || type == "customFunction") return FunctionKind::client;
  throw Failure(ErrorKind::unsupported, "'" + std::string(id_or_path) +
                                            "' is of a kind that this `poly` does not know: '" +
                                            std::string(type) + "'");
}

}  // namespace

FoundFunction find_function(const Api& api, std::string_view id_or_path) {
  const bool is_id = Uuid::parse(id_or_path).has_value();
  const auto query = is_id ? Query{} : Query{{"usePathId", "true"}};
  const auto found = api.content(get("/functions/any/" + segment(id_or_path), query));
  const auto path = path_of(found);
  return {shown_member(found, "id"), kind_of(shown_member(found, "type"), id_or_path),
          is_id && !path.empty() ? path : std::string(id_or_path)};
}

std::string find_server_function_id(const Api& api, std::string_view id_or_path) {
  if (Uuid::parse(id_or_path)) return std::string(id_or_path);
  const auto function = find_function(api, id_or_path);
  if (function.kind == FunctionKind::server) return function.id;
  throw Failure(ErrorKind::bad_request, "'" + std::string(id_or_path) + "' is a function of kind " +
                                            std::string(word_of(function.kind)) +
                                            "; a server function is needed here");
}

std::string collection_of(FunctionKind kind) {
  return "/functions/" + std::string(word_of(kind));
}

std::string function_path(const FoundFunction& function) {
  return collection_of(function.kind) + "/" + segment(function.id);
}

}  // namespace poly::cli
