#include "gateway/job_routes.hpp"

#include "gateway/query_value.hpp"
#include "gateway/route_adder.hpp"

namespace poly::gateway {
namespace {

using identity::Permission;

std::size_t limit_of(const Context& context) {
  return static_cast<std::size_t>(number_in_query(context, "limit").value_or(100));
}

}  // namespace

void JobRoutes::add_to(RouteTable& routes) {
  const RouteAdder add(routes, *this, Access::needs(Permission::manage_jobs));
  add(http::Method::post, "/jobs/{id}/trigger", "triggerJob", "Run a job now", &JobRoutes::trigger, 201);
  add(http::Method::get, "/jobs/{id}/executions", "listJobExecutions", "Runs of a job, newest first",
      &JobRoutes::runs);
  add(http::Method::get, "/jobs/{id}/executions/{executionId}", "getJobExecution",
      "One run, with each function's part", &JobRoutes::run);
  add(http::Method::delete_, "/jobs/{id}/executions/{executionId}", "deleteJobExecution", "Forget one run",
      &JobRoutes::remove_run);
  add(http::Method::delete_, "/jobs/{id}/executions", "deleteJobExecutions", "Forget all runs of a job",
      &JobRoutes::remove_runs);
}

Task<http::Response> JobRoutes::trigger(Context context) {
  auto starting = scheduler_.trigger_now(jobs_.find_own(context, context.parameters[0]));
  const auto started = co_await run_on(control_, std::move(starting));
  co_return json_reply(encode(started), 201);
}

Task<http::Response> JobRoutes::runs(Context context) {
  schedule::RunFilter filter;
  filter.status = word_in_query<schedule::RunStatus>(context, "status");
  if (const auto hours = number_in_query(context, "lastHours"))
    filter.since = clock_.now() - std::chrono::hours(*hours);
  if (const auto days = number_in_query(context, "lastDays"))
    filter.since = clock_.now() - std::chrono::days(*days);
  filter.limit = limit_of(context);
  auto listing = scheduler_.runs(jobs_.find_own(context, context.parameters[0])->id, filter);
  const auto found = co_await run_on(control_, std::move(listing));
  co_return list_reply(context, encode(found).as_array());
}

Task<http::Response> JobRoutes::run(Context context) {
  const auto job = jobs_.find_own(context, context.parameters[0]);
  auto getting = scheduler_.run(job->id, id_in_path<schedule::JobRunId>(context, 1));
  const auto found = co_await run_on(control_, std::move(getting));
  co_return json_reply(encode(found));
}

Task<http::Response> JobRoutes::remove_run(Context context) {
  const auto job = jobs_.find_own(context, context.parameters[0]);
  auto removing = scheduler_.delete_run(job->id, id_in_path<schedule::JobRunId>(context, 1));
  co_await run_on(control_, std::move(removing));
  co_return empty_reply();
}

Task<http::Response> JobRoutes::remove_runs(Context context) {
  const auto job = jobs_.find_own(context, context.parameters[0]);
  auto removing = scheduler_.delete_runs(job->id);
  co_await run_on(control_, std::move(removing));
  co_return empty_reply();
}

void EventRoutes::add_to(RouteTable& routes) {
  const RouteAdder add(routes, *this, Access::needs(Permission::manage_triggers));
  add(http::Method::get, "/events", "listEvents", "Events that wait, run or were given up (?state=dead)",
      &EventRoutes::list);
  add(http::Method::get, "/events/{id}", "getEvent", "One event with its payload", &EventRoutes::get);
  add(http::Method::post, "/events/{id}/replay", "replayEvent", "Try an event again that was given up",
      &EventRoutes::replay, 201);
  add(http::Method::delete_, "/events/{id}", "discardEvent", "Forget an event", &EventRoutes::discard);
}

Task<http::Response> EventRoutes::list(Context context) {
  events::EventFilter filter;
  filter.state = word_in_query<events::EventState>(context, "state");
  filter.trigger = id_in_query<ResourceId>(context, "triggerId");
  filter.limit = limit_of(context);
  auto listing = events_.list(context.identity->environment.id, filter);
  const auto found = co_await run_on(control_, std::move(listing));
  co_return json_reply(JsonObject{{"results", encode(found)}});
}

Task<http::Response> EventRoutes::get(Context context) {
  auto getting = events_.get(context.identity->environment.id, id_in_path<events::EventId>(context, 0));
  const auto found = co_await run_on(control_, std::move(getting));
  co_return json_reply(encode(found));
}

Task<http::Response> EventRoutes::replay(Context context) {
  auto replaying = events_.replay(context.identity->environment.id, id_in_path<events::EventId>(context, 0));
  const auto found = co_await run_on(control_, std::move(replaying));
  co_return json_reply(encode(found), 201);
}

Task<http::Response> EventRoutes::discard(Context context) {
  auto discarding =
      events_.discard(context.identity->environment.id, id_in_path<events::EventId>(context, 0));
  co_await run_on(control_, std::move(discarding));
  co_return empty_reply();
}

}  // namespace poly::gateway
