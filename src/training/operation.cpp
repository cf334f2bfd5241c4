#include "training/operation.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "training/names.hpp"
#include "training/parameters.hpp"
#include "training/request_body.hpp"
#include "training/responses.hpp"
#include "training/security.hpp"
#include "training/servers.hpp"

namespace poly::training {
namespace {

constexpr auto methods =
    std::to_array<std::string_view>({"get", "put", "post", "delete", "options", "head", "patch", "trace"});

// `get /pets/{petId}` → `getPetsByPetId`
std::string name_from_path(std::string_view method, std::string_view path) {
  std::string words(method);
  for (const char c : path.substr(0, path.find_first_of("?#"))) {
    if (c == '{')
      words += " By ";
    else
      words.push_back(c);
  }
  return camel_case(words);
}

std::string_view first_tag(const JsonObject& operation) {
  const auto* tags = operation.if_contains("tags");
  if (!tags || !tags->is_array() || tags->get_array().empty()) return {};
  const auto* first = tags->get_array().front().if_string();
  return first ? std::string_view(*first) : std::string_view();
}

const JsonArray& servers_of(const OpenApiDocument& document, const OperationPlace& place) {
  if (place.operation->contains("servers")) return array_member(*place.operation, "servers");
  if (place.path_item->contains("servers")) return array_member(*place.path_item, "servers");
  return array_member(document.root(), "servers");
}

std::string url_of(const FunctionDraft& draft) {
  std::string url = draft.host + draft.path;
  char separator = '?';
  for (const auto& part : draft.query) {
    url += separator;
    url += part;
    separator = '&';
  }
  return url;
}

}  // namespace

bool is_method(std::string_view key) {
  return std::ranges::find(methods, key) != methods.end();
}

std::string tag_context_of(const JsonObject& operation) {
  return camel_case(first_tag(operation));
}

std::string name_of(const OperationPlace& place) {
  const auto id = text_of(*place.operation, "operationId");
  auto name = camel_case(without_tag(id, first_tag(*place.operation)));
  return name.empty() ? name_from_path(place.method, place.path) : name;
}

std::string cut_description(std::string text) {
  if (text.size() <= description_bytes_max) return text;
  constexpr std::string_view ellipsis = "…";
  std::size_t end = description_bytes_max - ellipsis.size();
  const auto continues_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (end > 0 && continues_character(end)) --end;
  text.resize(end);
  return text.append(ellipsis);
}

std::string description_of(const JsonObject& operation) {
  const std::string summary(text_of(operation, "summary"));
  const std::string description(text_of(operation, "description"));
  if (summary.empty() || description.starts_with(summary)) return cut_description(description);
  return cut_description(description.empty() ? summary : summary + "\n\n" + description);
}

spec::State state_of(const JsonObject& operation) {
  return flag_member(operation, "deprecated") ? spec::State::deprecated : spec::State::alpha;
}

FunctionDraft read_operation(const OpenApiDocument& document, SchemaBook& schemas,
                             const OpenApiOptions& options, const OperationPlace& place) {
  if (place.method == "trace")
    throw Failure(ErrorKind::bad_request,
                  "TRACE requests are not sent: their answer repeats the request with its credentials");
  FunctionDraft draft;
  const auto& operation = *place.operation;
  draft.function.head.description = description_of(operation);
  draft.function.head.state = state_of(operation);
  set_host(draft, server_url(servers_of(document, place), options), options);
  const auto body = plan_body(draft, document, operation);
  add_parameters(draft, document, schemas, place.path, *place.path_item, operation);
  add_security(draft, document, operation);
  add_body(draft, document, schemas, body);
  add_responses(draft, document, schemas, operation);
  draft.finish_arguments();
  draft.function.source.method = upper(place.method);
  draft.function.source.url = url_of(draft);
  return draft;
}

}  // namespace poly::training
