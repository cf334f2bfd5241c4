#include "gateway/execute_routes.hpp"

#include <charconv>
#include <limits>

#include "gateway/execution_headers.hpp"
#include "gateway/streamed_body.hpp"
#include "outbound/paged_call.hpp"

namespace poly::gateway {
namespace {

constexpr int status_executed = 201;

execution::CallArguments arguments_of(Context& context) {
  if (context.request.body.empty()) return execution::CallArguments(JsonObject());
  return execution::CallArguments::parse(std::move(context.request.body), "the request body");
}

execution::Caller caller_of(const Context& context) {
  execution::Caller caller;
  caller.identity = context.identity;
  caller.parent = ExecutionId::parse(context.request.headers.get("x-poly-execution-id"));
  return caller;
}

// A number from 1 on in a header that most requests do not have.
std::optional<int> number_in(const Context& context, std::string_view header, int max,
                             std::string_view what) {
  const auto text = context.request.headers.get(header);
  if (text.empty()) return std::nullopt;
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 1 || number > max) {
    throw Failure(ErrorKind::bad_request, std::string(header) + ": must be " + std::string(what));
  }
  return number;
}

// The revision that the caller asks for.
std::optional<int> wanted_revision(const Context& context) {
  return number_in(context, "x-openpoly-revision", std::numeric_limits<int>::max(),
                   "the number of a revision");
}

// How many pages of an API function are to be gathered.
std::optional<int> wanted_pages(const Context& context) {
  return number_in(context, "x-openpoly-pages", outbound::pages_max, "a number of pages from 1 to 1000");
}

http::Response reply_of(execution::Outcome outcome) {
  http::Response response;
  response.status = outcome.status.value_or(status_executed);
  if (!outcome.content_type.empty()) response.headers.add("Content-Type", std::move(outcome.content_type));
  for (auto& [name, value] : outcome.headers) response.headers.set(name, std::move(value));
  response.body = std::move(outcome.body);
  if (outcome.timings) add_server_timing(response, *outcome.timings);
  if (outcome.stream) response.body_source = std::make_shared<StreamedBody>(std::move(outcome.stream));
  add_execution_headers(response, outcome.id, outcome.duration);
  return response;
}

std::string_view runtime_type(spec::Kind kind) {
  return kind == spec::Kind::client_function ? std::string_view("clientFunction") : spec::spec_type(kind);
}

JsonArray keys_of(const std::vector<spec::PropertySpecification>& arguments) {
  JsonArray keys;
  for (const auto& argument : arguments) keys.push_back(JsonObject{{"key", argument.name}});
  return keys;
}

// What a runtime needs to call a function that it only knows by name (wire.md section 4.4).
JsonObject runtime_form(const catalog::Resource& resource) {
  JsonObject out{{"id", resource.id.text()},
                 {"name", resource.head().name},
                 {"context", resource.head().context},
                 {"contextName", resource.path()},
                 {"type", runtime_type(resource.kind())}};
  if (const auto* api = resource.if_is<spec::ApiFunction>()) {
    out["arguments"] = keys_of(spec::specification_of(*api).arguments);
  } else if (const auto* server = resource.if_is<spec::ServerFunction>()) {
    out["language"] = word_of(server->serving().code.language);
    out["arguments"] = keys_of(server->serving().code.interface.arguments);
  } else if (const auto* client = resource.if_is<spec::ClientFunction>()) {
    out["language"] = word_of(client->code.language);
    out["code"] = client->code.runnable;
    out["arguments"] = keys_of(client->code.interface.arguments);
  }
  return out;
}

}  // namespace

void ExecuteRoutes::add_to(RouteTable& routes) {
  const auto add = [&](std::string path, std::string operation, std::string summary, RouteHandler handle) {
    routes.add({.method = http::Method::post,
                .path = std::move(path),
                .access = Access::needs(identity::Permission::execute),
                .operation = std::move(operation),
                .summary = std::move(summary),
                .handle = std::move(handle),
                .handle_without_key = {},
                .body_bytes_max = body_bytes_execute,
                .request_schema = JsonObject{{"type", "object"}},
                .response_schema = {},
                .success_status = status_executed});
  };
  add("/functions/api/{id}/execute", "executeApiFunction",
      "Run an API function; the id may be its dotted path",
      [this](Context context) { return execute(std::move(context), api_functions_); });
  add("/functions/api/{id}/direct-execute", "directExecuteApiFunction",
      "The request of an API function, for the caller to send",
      [this](Context context) { return direct_execute(std::move(context)); });
  add("/functions/server/{id}/execute", "executeServerFunction",
      "Run a server function; the id may be its dotted path",
      [this](Context context) { return execute(std::move(context), server_functions_); });
  routes.add({.method = http::Method::get,
              .path = "/functions/any/{id}",
              .access = Access::any_key(),
              .operation = "getAnyFunction",
              .summary = "A function of any kind by id or dotted path, in the form that runtimes need",
              .handle = [this](Context context) { return any_function(std::move(context)); },
              .handle_without_key = {},
              .request_schema = {},
              .response_schema = {}});
}

Task<http::Response> ExecuteRoutes::execute(Context context, const ResourceRoutes& kind) {
  auto function = kind.find(context, context.parameters[0]);
  auto caller = caller_of(context);
  caller.revision = wanted_revision(context);
  caller.pages = wanted_pages(context);
  auto running = execution_.run_streaming(std::move(function), arguments_of(context), std::move(caller));
  co_return reply_of(co_await std::move(running));
}

Task<http::Response> ExecuteRoutes::direct_execute(Context context) {
  auto function = api_functions_.find(context, context.parameters[0]);
  auto caller = caller_of(context);
  caller.wants_request = true;
  auto running = execution_.run(std::move(function), arguments_of(context), std::move(caller));
  co_return reply_of(co_await std::move(running));
}

Task<http::Response> ExecuteRoutes::any_function(Context context) {
  const auto& wanted = context.parameters[0];
  const auto snapshot = catalog_.here();
  const auto from = viewpoint_of(context);
  const auto id = ResourceId::parse(wanted);
  const auto found = id ? snapshot->find(*id) : snapshot->find(from, catalog::NameSpace::poly, wanted);
  if (!found || !snapshot->visible(from, *found) ||
      catalog::name_space_of(found->kind()) != catalog::NameSpace::poly) {
    throw Failure(ErrorKind::not_found, "there is no function '" + wanted + "'");
  }
  co_return json_reply(runtime_form(*found));
}

}  // namespace poly::gateway
