// Runs of jobs (wire.md section 8.3), and events that triggers handle.
#pragma once

#include "events/events.hpp"
#include "gateway/resource_routes.hpp"
#include "schedule/scheduler.hpp"

namespace poly::gateway {

class JobRoutes final {
 public:
  JobRoutes(schedule::Scheduler& scheduler, const ResourceRoutes& jobs, Executor control, const Clock& clock)
      : scheduler_(scheduler), jobs_(jobs), control_(control), clock_(clock) {}
  JobRoutes(const JobRoutes&) = delete;
  JobRoutes& operator=(const JobRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> trigger(Context context);
  Task<http::Response> runs(Context context);
  Task<http::Response> run(Context context);
  Task<http::Response> remove_run(Context context);
  Task<http::Response> remove_runs(Context context);

  schedule::Scheduler& scheduler_;
  const ResourceRoutes& jobs_;
  Executor control_;
  const Clock& clock_;
};

class EventRoutes final {
 public:
  EventRoutes(events::Events& events, Executor control) : events_(events), control_(control) {}
  EventRoutes(const EventRoutes&) = delete;
  EventRoutes& operator=(const EventRoutes&) = delete;

  void add_to(RouteTable& routes);

 private:
  Task<http::Response> list(Context context);
  Task<http::Response> get(Context context);
  Task<http::Response> replay(Context context);
  Task<http::Response> discard(Context context);

  events::Events& events_;
  Executor control_;
};

}  // namespace poly::gateway
