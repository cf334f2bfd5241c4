#include "gateway/openapi.hpp"

#include "base/ascii_case.hpp"

namespace poly::gateway {
namespace {

// `/a/{rest...}` is written `/a/{rest}`.
std::string plain_path(std::string path) {
  if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

JsonArray path_parameters(std::string_view path) {
  JsonArray parameters;
  while (true) {
    const auto open = path.find('{');
    if (open == std::string_view::npos) return parameters;
    const auto close = path.find('}', open);
    parameters.push_back(JsonObject{{"name", path.substr(open + 1, close - open - 1)},
                                    {"in", "path"},
                                    {"required", true},
                                    {"schema", JsonObject{{"type", "string"}}}});
    path.remove_prefix(close + 1);
  }
}

Json json_content(const Json& schema) {
  return JsonObject{{"application/json", JsonObject{{"schema", schema}}}};
}

std::string permission_sentence(const Access& access) {
  std::string names;
  for (const auto permission : access.permissions())
    names.append(names.empty() ? "" : " or ").append(word_of(permission));
  return names.empty() ? "" : "Needs the permission " + names + ".";
}

JsonObject operation_of(const Route& route) {
  JsonObject operation{{"operationId", route.operation}, {"summary", route.summary}};
  const auto first = route.path.find('/', 1);
  operation["tags"] =
      JsonArray{route.path.substr(1, first == std::string::npos ? std::string::npos : first - 1)};
  if (const auto sentence = permission_sentence(route.access); !sentence.empty())
    operation["description"] = sentence;
  if (auto parameters = path_parameters(plain_path(route.path)); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (!route.request_schema.is_null()) {
    operation["requestBody"] =
        JsonObject{{"required", true}, {"content", json_content(route.request_schema)}};
  }
  JsonObject success{{"description", "Success"}};
  if (!route.response_schema.is_null()) success["content"] = json_content(route.response_schema);
  operation["responses"] = JsonObject{
      {std::to_string(route.success_status), std::move(success)},
      {"default", JsonObject{{"$ref", "#/components/responses/Error"}}},
  };
  if (!route.access.needs_key()) operation["security"] = JsonArray{};
  return operation;
}

JsonObject components() {
  JsonObject message{
      {"oneOf", JsonArray{JsonObject{{"type", "string"}},
                          JsonObject{{"type", "array"}, {"items", JsonObject{{"type", "string"}}}}}}};
  JsonObject error{{"type", "object"},
                   {"required", JsonArray{"statusCode", "message"}},
                   {"properties", JsonObject{{"statusCode", JsonObject{{"type", "integer"}}},
                                             {"message", std::move(message)},
                                             {"code", JsonObject{{"type", "string"}}}}}};
  return JsonObject{
      {"securitySchemes", JsonObject{{"apiKey", JsonObject{{"type", "http"}, {"scheme", "bearer"}}}}},
      {"responses", JsonObject{{"Error", JsonObject{{"description", "What was wrong"},
                                                    {"content", json_content(std::move(error))}}}}}};
}

}  // namespace

std::string openapi_document(const RouteTable& routes, std::string_view version) {
  JsonObject paths;
  for (const auto& route : routes.routes()) {
    auto& path = paths[plain_path(route->path)];
    if (path.is_null()) path.emplace_object();
    path.get_object()[lower(http::to_string(route->method))] = operation_of(*route);
  }
  return to_text(JsonObject{{"openapi", "3.1.0"},
                            {"info", JsonObject{{"title", "OpenPoly"}, {"version", version}}},
                            {"security", JsonArray{JsonObject{{"apiKey", JsonArray{}}}}},
                            {"paths", std::move(paths)},
                            {"components", components()}});
}

}  // namespace poly::gateway
