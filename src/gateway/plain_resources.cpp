#include "gateway/plain_resources.hpp"

#include "events/webhook_route.hpp"
#include "spec/json_schema.hpp"
#include "spec/json_schema_infer.hpp"
#include "training/check_api_function.hpp"

namespace poly::gateway {
namespace {

using catalog::Draft;
using catalog::Resource;
using catalog::ResourcePointer;
using identity::Permission;

Draft draft_of(catalog::Definition definition) {
  Draft draft;
  draft.definition = std::move(definition);
  return draft;
}

[[noreturn]] void refuse(std::string message) {
  throw Failure(ErrorKind::bad_request, std::move(message));
}

void require_schema(const JsonText& schema, std::string_view field) {
  if (schema.empty()) return;
  spec::SchemaOptions options;
  options.unsupported_patterns = spec::SchemaOptions::UnsupportedPatterns::ignore;
  options.missing_references = spec::SchemaOptions::MissingReferences::fit_anything;
  const auto compiled = spec::CompiledSchema::compile(schema.parsed(), nullptr, options);
  if (!compiled) refuse("$." + std::string(field) + ": " + compiled.error().message);
}

void require_publishable(const spec::ApiFunction& function) {
  auto problems = training::check_api_function(function);
  if (problems.empty()) return;
  Error error{ErrorKind::bad_request, problems.front(), "", std::move(problems)};
  throw Failure(std::move(error));
}

// An example says the type of the event where no schema comes with it.
void infer_event_type(spec::Webhook& webhook, const JsonObject& body) {
  if (!body.contains("eventPayload") || body.contains("eventPayloadTypeSchema")) return;
  webhook.event_payload_type_schema =
      webhook.event_payload.empty() ? JsonText{}
                                    : JsonText::of(spec::infer_schema(webhook.event_payload.parsed()));
}

template <class Definition>
Definition new_definition(const Json& body) {
  auto definition = value_or_throw(decode<Definition>(body));
  require_names(definition.head);
  return definition;
}

Task<Draft> decode_api_function(Context context, ResourcePointer current) {
  auto function = definition_from<spec::ApiFunction>(context, current);
  require_publishable(function);
  co_return draft_of(std::move(function));
}

Task<Draft> decode_schema(Context context, ResourcePointer current) {
  auto schema = definition_from<spec::SchemaDefinition>(context, current);
  require_schema(schema.definition, "definition");
  co_return draft_of(std::move(schema));
}

Task<Draft> decode_snippet(Context context, ResourcePointer current) {
  co_return draft_of(definition_from<spec::Snippet>(context, current));
}

Task<Draft> decode_webhook(Context context, ResourcePointer current) {
  auto webhook = definition_from<spec::Webhook>(context, current);
  const auto body = context.json();
  infer_event_type(webhook, body.get_object());
  gateway::require_publishable(webhook);
  co_return draft_of(std::move(webhook));
}

// What a client sends may be flat: `webhookHandleId`, `serverFunctionId` beside the name.
Json with_nested_ends(Json body) {
  if (!body.is_object()) return body;
  auto& object = body.get_object();
  if (const auto* id = object.if_contains("webhookHandleId"); id && !object.contains("source")) {
    object["source"] = JsonObject{{"webhookHandleId", *id}};
  }
  if (const auto* id = object.if_contains("serverFunctionId"); id && !object.contains("destination")) {
    object["destination"] = JsonObject{{"serverFunctionId", *id}};
  }
  return body;
}

ResourcePointer require_kind(const catalog::Snapshot& snapshot, const catalog::Viewpoint& from, ResourceId id,
                             spec::Kind kind, std::string_view field) {
  const auto found = snapshot.find(id);
  if (!found || found->kind() != kind || !snapshot.visible(from, *found)) {
    refuse("$." + std::string(field) + ": there is no " + std::string(spec::human_name(kind)) +
           " with the id " + id.text());
  }
  return found;
}

// Source and destination are fixed once a trigger is made.
spec::Trigger patched(const spec::Trigger& current, const Json& body) {
  auto changed = value_or_throw(decode_over(current, body));
  if (changed.source != current.source || changed.destination != current.destination) {
    refuse("source and destination of a trigger cannot be changed; delete it and make another");
  }
  return changed;
}

void require_one_waiting(const catalog::Snapshot& snapshot, const spec::Trigger& trigger,
                         EnvironmentId environment, const ResourcePointer& current) {
  if (!trigger.wait_for_response || !trigger.source.webhook) return;
  for (const auto& other : snapshot.list_own(environment, spec::Kind::trigger)) {
    const auto& known = other->as<spec::Trigger>();
    if ((current && other->id == current->id) || !known.wait_for_response ||
        known.source.webhook != trigger.source.webhook)
      continue;
    throw Failure(ErrorKind::conflict, "the webhook has a trigger that waits for the response already ('" +
                                           known.name.value_or("") + "'), and only one can");
  }
}

spec::Trigger new_trigger(const catalog::Snapshot& snapshot, const catalog::Viewpoint& from,
                          const Json& body) {
  auto trigger = value_or_throw(decode<spec::Trigger>(with_nested_ends(body)));
  if (trigger.source.webhook.has_value() == trigger.source.error_handler.has_value()) {
    refuse("$.source: exactly one of webhookHandleId and errorHandler is needed");
  }
  std::string source = "error";
  if (trigger.source.webhook) {
    source =
        require_kind(snapshot, from, *trigger.source.webhook, spec::Kind::webhook, "source.webhookHandleId")
            ->head()
            .name;
  }
  const auto function = require_kind(snapshot, from, trigger.destination.server_function,
                                     spec::Kind::server_function, "destination.serverFunctionId");
  if (!trigger.name || trigger.name->empty()) trigger.name = source + "_to_" + function->head().name;
  return trigger;
}

Task<Draft> decode_trigger(catalog::Catalog& catalog, Context context, ResourcePointer current) {
  const auto snapshot = catalog.here();
  const auto body = context.json();
  auto trigger = current ? patched(current->as<spec::Trigger>(), body)
                         : new_trigger(*snapshot, viewpoint_of(context), body);
  require_one_waiting(*snapshot, trigger, context.identity->environment.id, current);
  co_return draft_of(std::move(trigger));
}

Task<Draft> decode_job(catalog::Catalog& catalog, Context context, ResourcePointer current) {
  auto job = definition_from<spec::Job>(context, current);
  value_or_throw(schedule::Scheduler::check(job));
  const auto snapshot = catalog.here();
  for (std::size_t i = 0; i < job.functions.size(); ++i) {
    const auto found = snapshot->find(job.functions[i].id);
    const bool runs =
        found && snapshot->visible(viewpoint_of(context), *found) &&
        (found->kind() == spec::Kind::server_function || found->kind() == spec::Kind::api_function);
    if (!runs) {
      refuse("$.functions[" + std::to_string(i) + "].id: there is no API or server function with the id " +
             job.functions[i].id.text());
    }
  }
  co_return draft_of(std::move(job));
}

void add_webhook_basic(JsonObject& basic, const Resource& resource) {
  const auto& webhook = resource.as<spec::Webhook>();
  basic["enabled"] = webhook.enabled;
  if (webhook.subpath) basic["subpath"] = *webhook.subpath;
}

void add_trigger_basic(JsonObject& basic, const Resource& resource) {
  const auto& trigger = resource.as<spec::Trigger>();
  basic["source"] = encode(trigger.source);
  basic["destination"] = encode(trigger.destination);
  if (trigger.source.webhook) basic["webhookHandleId"] = trigger.source.webhook->text();
  basic["serverFunctionId"] = trigger.destination.server_function.text();
  basic["waitForResponse"] = trigger.wait_for_response;
  basic["enabled"] = trigger.enabled;
}

// The arguments also carry `key`, under which clients look for their name.
void add_api_function_detail(JsonObject& detail, const Resource& resource) {
  auto fields = encode(resource.as<spec::ApiFunction>());
  for (auto& [key, member] : fields.get_object()) detail[key] = std::move(member);
  for (auto& argument : detail["arguments"].get_array()) {
    auto name = argument.at("name");  // a copy: a new member may move the others
    argument.get_object()["key"] = std::move(name);
  }
}

Task<http::Response> snippet_code(Context context, const ResourceRoutes& snippets) {
  const auto snippet = snippets.find(context, context.parameters[0]);
  http::Response response;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = snippet->as<spec::Snippet>().code;
  co_return response;
}

// `object`, `string` …: the short name of what a schema describes.
std::string event_type_name(const JsonText& schema) {
  if (schema.empty()) return "any";
  const auto parsed = schema.parsed();
  const auto* object = parsed.if_object();
  const auto name = object ? text_of(*object, "type") : std::string_view();
  return name.empty() ? "any" : std::string(name);
}

}  // namespace

spec::ApiFunction api_function_from(const Json& body) {
  auto function = new_definition<spec::ApiFunction>(body);
  require_publishable(function);
  return function;
}

spec::SchemaDefinition schema_from(const Json& body) {
  auto schema = new_definition<spec::SchemaDefinition>(body);
  require_schema(schema.definition, "definition");
  return schema;
}

spec::Webhook webhook_from(const Json& body) {
  auto webhook = new_definition<spec::Webhook>(body);
  infer_event_type(webhook, body.get_object());
  require_publishable(webhook);
  return webhook;
}

void require_publishable(const spec::Webhook& webhook) {
  require_schema(webhook.event_payload_type_schema, "eventPayloadTypeSchema");
  value_or_throw(spec::check_webhook(webhook));
  if (webhook.subpath) value_or_throw(events::check_subpath(*webhook.subpath));
}

ResourceDescription describe_api_functions() {
  ResourceDescription description;
  description.kind = spec::Kind::api_function;
  description.collection = "/functions/api";
  description.noun = "ApiFunction";
  description.write = Access::needs(Permission::manage_api_functions);
  description.has_put = true;
  description.request_schema = schema_of<spec::ApiFunction>();
  description.decode = decode_api_function;
  description.add_detail = add_api_function_detail;
  return description;
}

ResourceDescription describe_schemas() {
  ResourceDescription description;
  description.kind = spec::Kind::schema;
  description.collection = "/schemas";
  description.noun = "Schema";
  description.write = Access::needs(Permission::manage_schemas);
  description.has_put = true;
  description.request_schema = schema_of<spec::SchemaDefinition>();
  description.decode = decode_schema;
  return description;
}

ResourceDescription describe_snippets() {
  ResourceDescription description;
  description.kind = spec::Kind::snippet;
  description.collection = "/snippets";
  description.noun = "Snippet";
  description.write = Access::needs(Permission::manage_snippets);
  description.has_put = true;
  description.request_schema = schema_of<spec::Snippet>();
  description.decode = decode_snippet;
  description.add_basic = [](JsonObject& basic, const Resource& resource) {
    basic["language"] = resource.as<spec::Snippet>().language;
  };
  return description;
}

void add_snippet_code_route(RouteTable& routes, const ResourceRoutes& snippets) {
  routes.add({.method = http::Method::get,
              .path = "/snippets/{id}/code",
              .access = Access::any_key(),
              .operation = "getSnippetCode",
              .summary = "The text of a snippet alone",
              .handle = [&snippets](Context context) { return snippet_code(std::move(context), snippets); }});
}

ResourceDescription describe_webhooks(std::function<std::string()> base_url, RouteHandler call) {
  ResourceDescription description;
  description.kind = spec::Kind::webhook;
  description.collection = "/webhooks";
  description.noun = "Webhook";
  description.write = Access::needs(Permission::manage_webhooks);
  description.has_put = true;
  description.request_schema = schema_of<spec::Webhook>();
  description.decode = decode_webhook;
  description.without_key = std::move(call);
  description.add_basic = add_webhook_basic;
  description.add_detail = [base_url = std::move(base_url)](JsonObject& detail, const Resource& resource) {
    auto fields = encode(resource.as<spec::Webhook>());
    for (auto& [key, member] : fields.get_object()) detail[key] = std::move(member);
    const auto& webhook = resource.as<spec::Webhook>();
    const auto uri = "/webhooks/" + webhook.slug.value_or(resource.id.text());
    detail["eventPayloadType"] = event_type_name(webhook.event_payload_type_schema);
    detail["uri"] = uri;
    detail["url"] = base_url() + uri;
  };
  return description;
}

ResourceDescription describe_triggers(catalog::Catalog& catalog) {
  ResourceDescription description;
  description.kind = spec::Kind::trigger;
  description.collection = "/triggers";
  description.noun = "Trigger";
  description.write = Access::needs(Permission::manage_triggers);
  description.request_schema = schema_of<spec::Trigger>();
  description.decode = [&catalog](Context context, ResourcePointer current) {
    return decode_trigger(catalog, std::move(context), std::move(current));
  };
  description.add_basic = add_trigger_basic;
  return description;
}

ResourceDescription describe_jobs(catalog::Catalog& catalog) {
  ResourceDescription description;
  description.kind = spec::Kind::job;
  description.collection = "/jobs";
  description.noun = "Job";
  description.write = Access::needs(Permission::manage_jobs);
  description.request_schema = schema_of<spec::Job>();
  description.decode = [&catalog](Context context, ResourcePointer current) {
    return decode_job(catalog, std::move(context), std::move(current));
  };
  description.add_basic = [](JsonObject& basic, const Resource& resource) {
    const auto& job = resource.as<spec::Job>();
    basic["enabled"] = job.enabled;
    basic["schedule"] = encode(job.schedule);
    basic["executionType"] = word_of(job.execution_type);
  };
  return description;
}

}  // namespace poly::gateway
