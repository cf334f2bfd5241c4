// The descriptions of kinds that are stored as they come: API functions, schemas, snippets, webhooks,
// triggers, jobs.
#pragma once

#include "gateway/resource_routes.hpp"
#include "schedule/scheduler.hpp"

namespace poly::gateway {

ResourceDescription describe_api_functions();
ResourceDescription describe_schemas();
ResourceDescription describe_snippets();
// `base_url` says what webhooks' addresses begin with. GET, PATCH and DELETE of one webhook without a key are
// calls of it, which `call` answers.
ResourceDescription describe_webhooks(std::function<std::string()> base_url, RouteHandler call);
ResourceDescription describe_triggers(catalog::Catalog& catalog);
ResourceDescription describe_jobs(catalog::Catalog& catalog);

}  // namespace poly::gateway
