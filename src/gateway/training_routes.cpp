#include "gateway/training_routes.hpp"

#include <charconv>

#include "gateway/plain_resources.hpp"
#include "gateway/reply.hpp"
#include "gateway/resource_routes.hpp"
#include "gateway/route_adder.hpp"
#include "gateway/training_run.hpp"
#include "training/check_api_function.hpp"
#include "training/neutral_form.hpp"
#include "training/recorded_answers.hpp"

namespace poly::gateway {
namespace {

using identity::Permission;
using runtime::Description;
using runtime::DescriptionKind;
using training::NeutralForm;

// How a text is called that came without a name.
constexpr std::string_view unnamed_file = "document";

// As toolchains/descriptions has it.
constexpr int graphql_depth_max = 6;

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

// How deep a generated selection of GraphQL reaches.
int graphql_depth(std::string_view text) {
  int depth = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), depth);
  const bool is_depth =
      problem == std::errc() && rest == text.data() + text.size() && depth >= 1 && depth <= graphql_depth_max;
  if (is_depth) return depth;
  throw Failure(ErrorKind::bad_request, "depth: must be a whole number from 1 to " +
                                            std::to_string(graphql_depth_max) + ", got '" +
                                            std::string(text) + "'");
}

JsonObject reader_options(const Context& context, const training::OpenApiOptions& options) {
  JsonObject out{{"context", options.context}};
  if (const auto depth = context.query_value("depth"); !depth.empty()) out["depth"] = graphql_depth(depth);
  if (options.host_url) out["url"] = *options.host_url;
  if (options.host_url_as_argument) {
    out["hostUrlAsArgument"] = options.host_url_as_argument->empty()
                                   ? std::string(training::host_url_argument_default)
                                   : *options.host_url_as_argument;
  }
  return out;
}

// Several files come as `{"files": {"<relative path>": "<text>"}, "entry": "<relative path>"}`.
struct Bundle {
  std::map<std::string, std::string> files;
  std::string entry;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("files", self.files);
    field.required("entry", self.entry);
  }
};

// Nothing when the body is the text itself: a collection or recording is JSON too.
std::optional<Bundle> bundle_of(const http::Request& request) {
  if (!request.headers.get("content-type").starts_with("application/json")) return std::nullopt;
  const auto body = parse_json(request.body, "the request body");
  const bool is_bundle = body && find(*body, "files") && find(*body, "entry");
  if (!is_bundle) return std::nullopt;
  auto bundle = value_or_throw(decode<Bundle>(*body));
  if (!bundle.files.contains(bundle.entry))
    throw Failure(ErrorKind::bad_request, "$.entry: '" + bundle.entry + "' is not one of the files");
  return bundle;
}

Description description_of(Context& context, DescriptionKind kind, const training::OpenApiOptions& options) {
  Description description;
  description.kind = kind;
  description.options = reader_options(context, options);
  if (auto bundle = bundle_of(context.request)) {
    description.files = std::move(bundle->files);
    description.entry = std::move(bundle->entry);
  } else {
    description.entry = unnamed_file;
    description.files.emplace(unnamed_file, std::move(context.request.body));
  }
  return description;
}

// A function, and answers that it gave.
struct InferenceRequest {
  spec::ApiFunction function;
  std::vector<training::RecordedSample> samples;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("function", self.function);
    field.required("samples", self.samples);
  }
};

NeutralForm form_of(DescriptionKind kind) {
  switch (kind) {
    case DescriptionKind::openapi:
      return NeutralForm::document;
    case DescriptionKind::graphql:
    case DescriptionKind::wsdl:
      return NeutralForm::functions;
    case DescriptionKind::postman:
    case DescriptionKind::har:
    case DescriptionKind::curl:
      return NeutralForm::requests;
  }
  return NeutralForm::requests;
}

struct DescriptionRoute {
  DescriptionKind kind;
  std::string_view operation;
  std::string_view summary;
};

constexpr auto description_routes = std::to_array<DescriptionRoute>({
    {DescriptionKind::postman, "readPostman", "A Postman collection as functions"},
    {DescriptionKind::har, "readHar", "Requests that a browser recorded (HAR 1.2) as functions"},
    {DescriptionKind::curl, "readCurl", "Commands of curl as functions"},
    {DescriptionKind::graphql, "readGraphQl", "A GraphQL schema as functions"},
    {DescriptionKind::wsdl, "readWsdl", "A SOAP service (WSDL 1.1) as functions"},
});

}  // namespace

void TrainingRoutes::add_to(RouteTable& routes) {
  const auto trains = Access::needs(Permission::manage_api_functions);
  const RouteAdder trainers(routes, *this, trains);
  trainers.add({.method = http::Method::post,
                .path = "/specification-input/oas",
                .operation = "readOpenApi",
                .summary = "An OpenAPI document (2.0, 3.0, 3.1) as functions, webhooks and schemas",
                .body_bytes_max = body_bytes_document,
                .success_status = 201},
               &TrainingRoutes::read_openapi);
  for (const auto& [kind, operation, summary] : description_routes) {
    routes.add(
        {.method = http::Method::post,
         .path = "/specification-input/" + std::string(word_of(kind)),
         .access = trains,
         .operation = std::string(operation),
         .summary = std::string(summary),
         .handle = [this, kind](Context context) { return read_description(std::move(context), kind); },
         .handle_without_key = {},
         .body_bytes_max = body_bytes_document,
         .request_schema = {},
         .response_schema = {},
         .success_status = 201});
  }
  trainers.add({.method = http::Method::post,
                .path = "/specification-input/inference",
                .operation = "inferTypes",
                .summary = "An API function with the types of answers that it gave",
                .body_bytes_max = body_bytes_document,
                .request_schema = schema_of<InferenceRequest>(),
                .response_schema = schema_of<spec::ApiFunction>()},
               &TrainingRoutes::infer_types);
  const auto trains_parts = Access::one_of(
      {Permission::manage_api_functions, Permission::manage_webhooks, Permission::manage_schemas});
  const RouteAdder model_trainers(routes, *this, trains_parts);
  model_trainers.add({.method = http::Method::post,
                      .path = "/specification-input/training",
                      .operation = "trainModel",
                      .summary = "Everything of a model goes live; dryRun=true only says what would change",
                      .body_bytes_max = body_bytes_document,
                      .request_schema = schema_of<training::SpecificationInput>(),
                      .response_schema = schema_of<TrainingOutcome>()},
                     &TrainingRoutes::train_model);
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

// A single document of version 3 is read right here, which is fastest; the reader takes the others.
Task<http::Response> TrainingRoutes::read_openapi(Context context) {
  auto options = options_of(context);
  auto description = description_of(context, DescriptionKind::openapi, options);
  if (description.files.size() == 1) {
    const auto& document = description.files.begin()->second;
    const auto read = [&]() -> Result<std::string> {
      const auto trained = training::train_openapi(document, options);
      if (!trained) return std::unexpected(trained.error());
      return encode_text(*trained);
    };
    auto reading = pool_.run(read);
    auto text = co_await std::move(reading);
    if (text) co_return json_text_reply(std::move(*text), 201);
    if (text.error().code != training::openapi_2_code) throw Failure(std::move(text).error());
  }
  auto answering = train(std::move(description), std::move(options));
  co_return co_await std::move(answering);
}

Task<http::Response> TrainingRoutes::read_description(Context context, DescriptionKind kind) {
  auto options = options_of(context);
  auto description = description_of(context, kind, options);
  auto answering = train(std::move(description), std::move(options));
  co_return co_await std::move(answering);
}

Task<http::Response> TrainingRoutes::train(Description description, training::OpenApiOptions options) {
  const auto form = form_of(description.kind);
  auto asking = reader_.read(std::move(description));
  const auto answer = co_await run_on(control_, std::move(asking));
  const auto read = [&] {
    return encode_text(value_or_throw(training::train_neutral(form, answer, options)));
  };
  auto reading = pool_.run(read);
  auto text = co_await std::move(reading);
  co_return json_text_reply(std::move(text), 201);
}

Task<http::Response> TrainingRoutes::infer_types(Context context) {
  const auto infer = [&] {
    auto given = value_or_throw(decode<InferenceRequest>(context.json()));
    return encode_text(training::with_inferred_answers(std::move(given.function), given.samples));
  };
  auto inferring = pool_.run(infer);
  auto text = co_await std::move(inferring);
  co_return json_text_reply(std::move(text));
}

Task<http::Response> TrainingRoutes::train_model(Context context) {
  const auto mode = context.query_flag("dryRun") ? TrainingMode::dry_run : TrainingMode::store;
  const auto read = [&] { return value_or_throw(decode<ModelEntries>(context.json())); };
  auto reading = pool_.run(read);
  auto entries = co_await std::move(reading);
  auto training = run_training(catalog_, pool_, control_, context.identity, std::move(entries), mode);
  const auto outcome = co_await std::move(training);
  co_return json_text_reply(encode_text(outcome));
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
