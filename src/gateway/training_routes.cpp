#include "gateway/training_routes.hpp"

#include "gateway/plain_resources.hpp"
#include "gateway/reply.hpp"
#include "gateway/resource_routes.hpp"
#include "gateway/route_adder.hpp"
#include "training/check_api_function.hpp"
#include "training/open_api.hpp"

namespace poly::gateway {
namespace {

using identity::Permission;

bool has_query(const Context& context, std::string_view name) {
  return std::ranges::any_of(context.query, [&](const auto& pair) { return pair.first == name; });
}

training::OpenApiOptions options_of(const Context& context) {
  training::OpenApiOptions options;
  options.context = context.query_value("context");
  value_or_throw(spec::check_context(options.context));
  if (const auto host = context.query_value("hostUrl"); !host.empty()) options.host_url = std::string(host);
  if (has_query(context, "hostUrlAsArgument")) {
    auto name = context.query_value("hostUrlAsArgument");
    if (name == "false") return options;
    options.host_url_as_argument = name == "true" ? std::string() : std::string(name);
  }
  return options;
}

}  // namespace

void TrainingRoutes::add_to(RouteTable& routes) {
  const RouteAdder trainers(routes, *this, Access::needs(Permission::manage_api_functions));
  trainers.add({.method = http::Method::post,
                .path = "/specification-input/oas",
                .operation = "readOpenApi",
                .summary = "An OpenAPI 3.0 or 3.1 document as functions, webhooks and schemas",
                .body_bytes_max = body_bytes_document,
                .success_status = 201},
               &TrainingRoutes::read_openapi);
  trainers.add({.method = http::Method::post,
                .path = "/specification-input/validation/api-function",
                .operation = "validateApiFunction",
                .summary = "Whether an API function can be published",
                .request_schema = schema_of<spec::ApiFunction>(),
                .success_status = 201},
               &TrainingRoutes::validate_api_function);
  const RouteAdder webhook_makers(routes, *this, Access::needs(Permission::manage_webhooks));
  webhook_makers.add({.method = http::Method::post,
                      .path = "/specification-input/validation/webhook-handle",
                      .operation = "validateWebhook",
                      .summary = "Whether a webhook can be published",
                      .request_schema = schema_of<spec::Webhook>(),
                      .success_status = 201},
                     &TrainingRoutes::validate_webhook);
}

Task<http::Response> TrainingRoutes::read_openapi(Context context) {
  const auto options = options_of(context);
  const auto read = [&] {
    return encode_text(value_or_throw(training::train_openapi(context.request.body, options)));
  };
  auto reading = pool_.run(read);
  auto text = co_await std::move(reading);
  co_return json_text_reply(std::move(text), 201);
}

Task<http::Response> TrainingRoutes::validate_api_function(Context context) {
  auto problems = training::check_api_function(definition_from<spec::ApiFunction>(context, nullptr));
  if (problems.empty()) co_return empty_reply(201);
  Error error{ErrorKind::bad_request, problems.front(), "", std::move(problems)};
  throw Failure(std::move(error));
}

Task<http::Response> TrainingRoutes::validate_webhook(Context context) {
  require_publishable(definition_from<spec::Webhook>(context, nullptr));
  co_return empty_reply(201);
}

}  // namespace poly::gateway
