#include "server/routes.hpp"

namespace poly::server {
namespace {

gateway::DeployParts deploy_parts(const RouteParts& parts, gateway::ProgressStreams& progress) {
  return {parts.catalog,   parts.toolchain, parts.control, parts.directory, parts.runtime,
          parts.functions, parts.packages,  progress,      parts.clock};
}

gateway::HealthCheck health_of_sandbox(const runtime::RuntimeSettings& settings) {
  if (!settings.sandbox_host) return {"sandbox", false, "none: it is switched off (setting runtime.sandbox)"};
  const auto& report = settings.sandbox_host->report();
  return {"sandbox", report.level() != process::SandboxLevel::none, report.words()};
}

std::vector<gateway::HealthCheck> health_of_programs(const runtime::RuntimeSettings& settings) {
  const auto missing = runtime::missing_parts(settings);
  if (missing.empty()) return {{"runtime", true, "what runs functions is there"}};
  std::vector<gateway::HealthCheck> checks;
  for (const auto& problem : missing) checks.push_back({"runtime", false, problem});
  return checks;
}

std::vector<gateway::HealthCheck> health_of(const runtime::RuntimeSettings& settings) {
  auto checks = health_of_programs(settings);
  checks.push_back(health_of_sandbox(settings));
  return checks;
}

}  // namespace

Routes::Routes(RouteParts parts, std::string version, std::function<std::string()> base_url)
    : progress_(parts.control),
      webhook_calls_(parts.catalog, parts.events),
      api_functions_(parts.catalog, parts.control, gateway::describe_api_functions()),
      server_functions_(parts.catalog, parts.control,
                        gateway::describe_server_functions(deploy_parts(parts, progress_))),
      client_functions_(parts.catalog, parts.control,
                        gateway::describe_client_functions(deploy_parts(parts, progress_))),
      webhooks_(parts.catalog, parts.control,
                gateway::describe_webhooks(
                    std::move(base_url),
                    [this](gateway::Context context) { return webhook_calls_.call(std::move(context)); })),
      triggers_(parts.catalog, parts.control, gateway::describe_triggers(parts.catalog)),
      jobs_(parts.catalog, parts.control, gateway::describe_jobs(parts.catalog)),
      schemas_(parts.catalog, parts.control, gateway::describe_schemas()),
      snippets_(parts.catalog, parts.control, gateway::describe_snippets()),
      variables_(parts.catalog, parts.vault, parts.control, parts.ids),
      execute_(parts.execution, parts.catalog, api_functions_, server_functions_),
      instances_(parts.functions, server_functions_),
      revisions_({parts.catalog, parts.revisions, parts.functions, parts.execution, parts.directory,
                  parts.control, parts.clock},
                 server_functions_),
      job_runs_(parts.scheduler, jobs_, parts.control, parts.clock),
      events_(parts.events, parts.control),
      specs_(parts.catalog, parts.vault),
      training_(parts.catalog, parts.pool, parts.descriptions, parts.control),
      journal_(parts.journal, parts.catalog, parts.directory, server_functions_, parts.clock),
      identity_(parts.directory, parts.control),
      system_(std::move(version), parts.metrics,
              [&settings = parts.runtime] { return health_of(settings); }) {
  for (auto* resource : {&api_functions_, &server_functions_, &client_functions_, &webhooks_, &triggers_,
                         &jobs_, &schemas_, &snippets_}) {
    resource->add_to(table_);
  }
  gateway::add_snippet_code_route(table_, snippets_);
  variables_.add_to(table_);
  execute_.add_to(table_);
  webhook_calls_.add_to(table_);
  instances_.add_to(table_);
  revisions_.add_to(table_);
  job_runs_.add_to(table_);
  events_.add_to(table_);
  specs_.add_to(table_);
  training_.add_to(table_);
  journal_.add_to(table_);
  identity_.add_to(table_);
  gateway::add_not_built_routes(table_);
  system_.add_to(table_);
}

}  // namespace poly::server
