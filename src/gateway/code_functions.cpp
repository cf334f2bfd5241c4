#include "gateway/code_functions.hpp"

#include "base/attempt.hpp"
#include "gateway/deploy_request.hpp"
#include "gateway/function_packages.hpp"
#include "gateway/function_settings.hpp"
#include "gateway/java_code.hpp"
#include "gateway/server_function_deploy.hpp"

namespace poly::gateway {
namespace {

using catalog::Draft;
using catalog::Resource;
using catalog::ResourcePointer;
using identity::Permission;
using spec::ClientFunction;
using spec::ServerFunction;

spec::Language language_of(const DeployRequest& request) {
  return request.language.value_or(spec::Language::typescript);
}

// Requests that leave something out keep what the function has.
template <class Function>
DeployRequest request_from(const Context& context, const ResourcePointer& current) {
  const auto body = context.json();
  if (!body.is_object()) throw Failure(ErrorKind::bad_request, "$: expected object");
  DeployRequest request;
  if (current) {
    const auto& function = current->as<Function>();
    const auto& code = spec::code_of(function);
    request.head = function.head;
    request.code = code.source;
    if constexpr (std::is_same_v<Function, ServerFunction>) request.settings = function.serving().settings;
    // TypeScript is kept as the JavaScript that runs; its source is still TypeScript, which reads both.
    if (code.language != spec::Language::javascript) request.language = code.language;
    request = value_or_throw(decode_over(std::move(request), body));
  } else {
    request = value_or_throw(decode<DeployRequest>(body));
  }
  require_names(request.head);
  return request;
}

JsonText schema_text(const Json& schema) {
  if (schema.is_object()) return JsonText::of(schema);
  const auto* text = schema.if_string();
  return text && parse_json(*text, "typeSchema") ? JsonText{std::string(*text)} : JsonText{};
}

// What the client knows and the source does not say: descriptions, and schemas of types from elsewhere.
void complete(std::vector<spec::PropertySpecification>& arguments,
              const std::optional<std::vector<DeployArgument>>& told) {
  if (!told) return;
  for (auto& argument : arguments) {
    const auto found = std::ranges::find_if(*told, [&](const DeployArgument& other) {
      return other.key == argument.name || other.name == argument.name;
    });
    if (found == told->end()) continue;
    if (argument.description.value_or("").empty()) argument.description = found->description;
    const bool unknown =
        argument.type.kind == spec::PropertyKind::plain || argument.type.kind == spec::PropertyKind::any;
    if (auto schema = schema_text(found->type_schema); unknown && !schema.empty()) {
      argument.type = spec::PropertyType::of_schema(std::move(schema));
    }
  }
}

// Where a deploy says what comes of it besides what is then there.
struct Listening {
  std::shared_ptr<JsonObject> remarks;
  std::function<void(std::string_view)> tell;
};

Listening listening_of(const Context& context) {
  return {context.remarks, context.tell};
}

// What is read again with the packages in place: their types. It tells more than the first reading, and
// costs nothing but its warning when it fails.
Task<runtime::Described> describe_with_types(DeployParts parts, runtime::Source source,
                                             runtime::Described described, Listening listening) {
  if (listening.tell) listening.tell("checking the types of packages");
  auto checking = attempt(run_on(parts.control, parts.toolchain.describe(std::move(source))));
  auto checked = co_await std::move(checking);
  if (checked) {
    checked->imports = std::move(described.imports);
    co_return std::move(*checked);
  }
  described.code.warnings.push_back("the types of the packages were not checked: " + checked.error().message);
  co_return described;
}

// Java is compiled with the packages, the other languages tell which they import, and TypeScript is checked
// with the types of those.
Task<runtime::Described> describe(DeployParts parts, std::string name, DeployRequest request, bool on_server,
                                  std::vector<std::string> previous_requirements, Listening listening) {
  runtime::Source source{.name = std::move(name),
                         .language = language_of(request),
                         .text = std::move(request.code),
                         .runs_on_server = on_server,
                         .type_schemas = std::move(request.type_schemas)};
  if (auto java = source.language == spec::Language::java ? java_code(source.text) : std::nullopt) {
    source.text = std::move(java->source);
    source.name = std::move(java->method);
  }
  const auto language = source.language;
  std::optional<packages::Layer> layer;
  if (language == spec::Language::java) {
    auto installing = install_packages(
        parts, language, requirements_of(request, language, {}, previous_requirements), listening.tell);
    layer = co_await std::move(installing);
    if (layer) source.layers.push_back(layer->folder);
  }
  if (listening.tell) listening.tell("reading the source");
  auto describing = parts.toolchain.describe(source);
  auto described = co_await run_on(parts.control, std::move(describing));
  auto requirements = requirements_of(request, language, described.imports, previous_requirements);
  if (language != spec::Language::java) {
    auto installing = install_packages(parts, language, requirements, listening.tell);
    layer = co_await std::move(installing);
  }
  if (layer && language == spec::Language::typescript) {
    source.layers.push_back(layer->folder);
    auto checking = describe_with_types(parts, std::move(source), std::move(described), listening);
    described = co_await std::move(checking);
  }
  described.code.requirements = std::move(requirements);
  complete(described.code.interface.arguments, request.arguments);
  if (described.code.language == spec::Language::typescript)
    described.code.language = spec::Language::javascript;
  set_layer(described.code, layer);
  if (layer && listening.remarks) (*listening.remarks)["layer"] = installation_of(*layer);
  co_return described;
}

template <class Function>
std::vector<std::string> requirements_before(const ResourcePointer& current) {
  return current ? spec::code_of(current->as<Function>()).requirements : std::vector<std::string>();
}

std::optional<std::string> execution_key_of(const DeployParts& parts, const std::string& key) {
  if (key.empty()) return std::nullopt;
  const auto id = parts.directory.id_of(key);
  if (!id) throw Failure(ErrorKind::bad_request, "$.executionApiKey: is not a valid API key of this server");
  return id->text();
}

spec::FunctionSettings settings_of(const DeployParts& parts, const Context& context,
                                   const DeployRequest& request) {
  auto settings = request.settings;
  if (request.always_on)
    settings.min_scale = *request.always_on ? std::max(settings.min_scale.value_or(1), 1) : 0;
  require_settings(settings, parts.runtime, *parts.catalog.here(), viewpoint_of(context));
  return settings;
}

Task<Draft> decode_server_function(DeployParts parts, Context context, ResourcePointer current) {
  auto request = request_from<ServerFunction>(context, current);
  auto settings = settings_of(parts, context, request);
  auto describing = describe(parts, request.head.name, request, true,
                             requirements_before<ServerFunction>(current), listening_of(context));
  auto described = co_await std::move(describing);
  ServerFunction function = current ? current->as<ServerFunction>() : ServerFunction{};
  function.head = std::move(request.head);
  if (function.head.description.empty()) function.head.description = described.description;
  function.current.code = std::move(described.code);
  function.current.settings = std::move(settings);
  function.logs_enabled = request.logs_enabled.value_or(function.logs_enabled);
  function.server_side_async = request.server_side_async.value_or(function.server_side_async);
  if (request.execution_api_key)
    function.execution_api_key_id = execution_key_of(parts, *request.execution_api_key);
  auto drafting = draft_of_deploy(parts, context.identity, std::move(function), std::move(request.rollout),
                                  std::move(current), context.tell);
  co_return co_await std::move(drafting);
}

Task<Draft> decode_client_function(DeployParts parts, Context context, ResourcePointer current) {
  auto request = request_from<ClientFunction>(context, current);
  auto describing = describe(parts, request.head.name, request, false,
                             requirements_before<ClientFunction>(current), listening_of(context));
  auto described = co_await std::move(describing);
  ClientFunction function;
  function.head = std::move(request.head);
  if (function.head.description.empty()) function.head.description = described.description;
  function.code = std::move(described.code);
  Draft draft;
  draft.definition = std::move(function);
  co_return draft;
}

// `string`, `number[]`, `object`: the short name of a type for lists of arguments.
std::string type_name(const spec::PropertyType& type) {
  switch (type.kind) {
    case spec::PropertyKind::void_:
      return "void";
    case spec::PropertyKind::primitive:
      return type.type.value_or("any");
    case spec::PropertyKind::array:
      return type.items ? type_name(*type.items) + "[]" : "any[]";
    case spec::PropertyKind::object:
      return "object";
    case spec::PropertyKind::function:
      return "function";
    case spec::PropertyKind::plain:
    case spec::PropertyKind::any:
      break;
  }
  return type.value.value_or("any");
}

void add_code_detail(JsonObject& detail, const spec::Code& code) {
  detail["code"] = code.source;
  detail["language"] = word_of(code.language);
  detail["hash"] = code.hash;
  detail["requirements"] = encode(code.requirements);
  add_layer(detail, code);
  detail["warnings"] = encode(code.warnings);
  auto& arguments = detail["arguments"].emplace_array();
  for (const auto& argument : code.interface.arguments) {
    JsonObject entry{{"key", argument.name},
                     {"name", argument.name},
                     {"type", type_name(argument.type)},
                     {"description", argument.description.value_or("")},
                     {"required", argument.required}};
    if (!argument.type.schema.empty()) entry["typeSchema"] = argument.type.schema.parsed();
    arguments.emplace_back(std::move(entry));
  }
  detail["returnType"] = type_name(code.interface.return_type);
  if (!code.interface.return_type.schema.empty())
    detail["returnTypeSchema"] = code.interface.return_type.schema.parsed();
}

void add_server_detail(JsonObject& detail, const Resource& resource) {
  const auto& function = resource.as<ServerFunction>();
  const auto& serving = function.serving();
  add_code_detail(detail, serving.code);
  detail["logsEnabled"] = function.logs_enabled;
  detail["serverSideAsync"] = function.server_side_async;
  add_revisions(detail, function);
  auto settings = encode(serving.settings);
  for (auto& [name, value] : settings.get_object()) detail[name] = std::move(value);
  detail["alwaysOn"] = serving.settings.min_scale.value_or(0) > 0;
}

template <class Function>
void add_language(JsonObject& basic, const Resource& resource) {
  basic["language"] = word_of(spec::code_of(resource.as<Function>()).language);
}

ResourceDescription common(std::string collection, std::string noun, spec::Kind kind) {
  ResourceDescription description;
  description.kind = kind;
  description.collection = std::move(collection);
  description.noun = std::move(noun);
  description.write = Access::needs(Permission::custom_dev);
  description.post_replaces = true;
  description.body_bytes_max = 2 * body_bytes_default;
  description.request_schema = schema_of<DeployRequest>();
  return description;
}

}  // namespace

ResourceDescription describe_server_functions(DeployParts parts) {
  auto description = common("/functions/server", "ServerFunction", spec::Kind::server_function);
  description.progress = &parts.progress;
  description.decode = [parts](Context context, ResourcePointer current) {
    return decode_server_function(parts, std::move(context), std::move(current));
  };
  description.add_basic = add_language<ServerFunction>;
  description.add_detail = add_server_detail;
  description.add_change = add_deployed;
  return description;
}

ResourceDescription describe_client_functions(DeployParts parts) {
  auto description = common("/functions/client", "ClientFunction", spec::Kind::client_function);
  description.progress = &parts.progress;
  description.decode = [parts](Context context, ResourcePointer current) {
    return decode_client_function(parts, std::move(context), std::move(current));
  };
  description.add_basic = add_language<ClientFunction>;
  description.add_detail = [](JsonObject& detail, const Resource& resource) {
    add_code_detail(detail, resource.as<ClientFunction>().code);
  };
  return description;
}

}  // namespace poly::gateway
