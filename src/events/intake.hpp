// How events come in: requests to webhooks, and runs that failed. On the loops of the data plane.
#pragma once

#include <memory>
#include <vector>

#include "events/event_queue.hpp"
#include "events/events.hpp"
#include "events/source_index.hpp"

namespace poly::events {

class Intake final {
 public:
  Intake(const Parts& parts, const EventSettings& settings, EventQueue& queue);
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  Task<WebhookAnswer> receive(WebhookEvent event);

  // An event for each trigger that handles the failure; none when the run was a handler itself.
  std::vector<StoredEvent> events_of_failure(const journal::ExecutionRecord& record,
                                             const execution::Caller& caller);

 private:
  std::shared_ptr<SourceIndex> here();
  void require_receivable(const WebhookEvent& event) const;
  StoredEvent event_for(const catalog::Resource& trigger, EventSource source,
                        std::optional<ResourceId> source_id, const std::string& payload) const;
  Task<execution::Outcome> run_now(catalog::SnapshotPointer snapshot, catalog::ResourcePointer trigger,
                                   JsonArray event_headers_params, execution::Caller caller);

  const Parts& parts_;
  const EventSettings& settings_;
  EventQueue& queue_;
  std::vector<std::shared_ptr<SourceIndex>> per_loop_;
};

}  // namespace poly::events
