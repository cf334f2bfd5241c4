// All routes of polyd and the objects behind them.
#pragma once

#include "gateway/code_functions.hpp"
#include "gateway/execute_routes.hpp"
#include "gateway/identity_routes.hpp"
#include "gateway/instance_routes.hpp"
#include "gateway/job_routes.hpp"
#include "gateway/journal_routes.hpp"
#include "gateway/plain_resources.hpp"
#include "gateway/revision_routes.hpp"
#include "gateway/spec_routes.hpp"
#include "gateway/system_routes.hpp"
#include "gateway/training_routes.hpp"
#include "gateway/variable_routes.hpp"
#include "gateway/webhook_calls.hpp"

namespace poly::server {

// What the routes call.
struct RouteParts {
  catalog::Catalog& catalog;
  const catalog::RevisionHistory& revisions;
  vault::Vault& vault;
  identity::Directory& directory;
  journal::Journal& journal;
  const journal::Metrics& metrics;
  runtime::FunctionRuntime& functions;
  execution::Execution& execution;
  events::Events& events;
  schedule::Scheduler& scheduler;
  runtime::Toolchain& toolchain;
  runtime::DescriptionReader& descriptions;
  packages::Packages& packages;
  const runtime::RuntimeSettings& runtime;
  BlockingPool& pool;
  Executor control;
  const Clock& clock;
  IdSource& ids;
};

class Routes final {
 public:
  Routes(RouteParts parts, std::string version, std::function<std::string()> base_url);
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  const gateway::RouteTable& table() const { return table_; }
  gateway::SystemRoutes& system() { return system_; }
  gateway::ProgressStreams& progress() { return progress_; }

 private:
  gateway::RouteTable table_;
  gateway::ProgressStreams progress_;
  gateway::WebhookCalls webhook_calls_;
  gateway::ResourceRoutes api_functions_;
  gateway::ResourceRoutes server_functions_;
  gateway::ResourceRoutes client_functions_;
  gateway::ResourceRoutes webhooks_;
  gateway::ResourceRoutes triggers_;
  gateway::ResourceRoutes jobs_;
  gateway::ResourceRoutes schemas_;
  gateway::ResourceRoutes snippets_;
  gateway::VariableRoutes variables_;
  gateway::ExecuteRoutes execute_;
  gateway::InstanceRoutes instances_;
  gateway::RevisionRoutes revisions_;
  gateway::JobRoutes job_runs_;
  gateway::EventRoutes events_;
  gateway::SpecRoutes specs_;
  gateway::TrainingRoutes training_;
  gateway::JournalRoutes journal_;
  gateway::IdentityRoutes identity_;
  gateway::SystemRoutes system_;
};

}  // namespace poly::server
