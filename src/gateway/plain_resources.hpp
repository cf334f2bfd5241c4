// The descriptions of kinds that are stored as they come: API functions, schemas, snippets, webhooks,
// triggers, jobs.
#pragma once

#include "gateway/resource_routes.hpp"
#include "schedule/scheduler.hpp"

namespace poly::gateway {

// Throws bad_request naming the field of a webhook that cannot be published.
void require_publishable(const spec::Webhook& webhook);

// Definitions from the whole of their JSON, checked as far as they can be without the catalog. Throw bad_request
// naming the field.
spec::ApiFunction api_function_from(const Json& body);
spec::SchemaDefinition schema_from(const Json& body);
spec::Webhook webhook_from(const Json& body);

ResourceDescription describe_api_functions();
ResourceDescription describe_schemas();
ResourceDescription describe_snippets();
// `GET /snippets/{id}/code`: the text alone. The route holds on to `snippets`.
void add_snippet_code_route(RouteTable& routes, const ResourceRoutes& snippets);
// `base_url` says what webhooks' addresses begin with. GET, PATCH and DELETE of one webhook without a key are
// calls of it, which `call` answers.
ResourceDescription describe_webhooks(std::function<std::string()> base_url, RouteHandler call);
ResourceDescription describe_triggers(catalog::Catalog& catalog);
ResourceDescription describe_jobs(catalog::Catalog& catalog);

}  // namespace poly::gateway
