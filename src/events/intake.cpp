#include "events/intake.hpp"

#include "events/error_event.hpp"
#include "events/security_check.hpp"
#include "events/webhook_answer.hpp"
#include "events/webhook_body.hpp"

namespace poly::events {
namespace {

using catalog::ResourcePointer;

// Which of a webhook's triggers answers the sender, and which are run later.
struct Split {
  ResourcePointer waiting;
  std::vector<ResourcePointer> later;
};

// One trigger answers; another that would wait too still gets its event.
Split split(const std::vector<ResourcePointer>& triggers) {
  Split parts;
  for (const auto& trigger : triggers) {
    if (trigger->as<spec::Trigger>().wait_for_response && !parts.waiting) {
      parts.waiting = trigger;
    } else {
      parts.later.push_back(trigger);
    }
  }
  return parts;
}

void require_fit(const spec::CompiledSchema* schema, const Json& payload) {
  Error error{ErrorKind::bad_request, "the event does not fit the webhook's schema: ", "", {}};
  if (!schema || schema->check(payload, "$", error.details)) return;
  for (std::size_t i = 0; i < error.details.size(); ++i) error.message += (i ? "; " : "") + error.details[i];
  throw Failure(std::move(error));
}

// A caller from the webhook's own environment runs it as itself; everybody else as the environment.
execution::Caller caller_of(const WebhookEvent& event) {
  const auto& webhook = *event.webhook;
  execution::Caller caller;
  const bool own = event.caller && event.caller->environment.id == webhook.environment;
  caller.identity = own ? event.caller : execution::system_identity(webhook.tenant, webhook.environment);
  return caller;
}

std::string payload_text(const Json& event, const JsonObject& headers, const JsonObject& params) {
  return R"({"event":)" + to_text(event) + R"(,"headers":)" + to_text(headers) + R"(,"params":)" +
         to_text(params) + "}";
}

}  // namespace

Error unknown_webhook(std::string_view id) {
  return {ErrorKind::not_found, "there is no webhook '" + std::string(id) + "'", "", {}};
}

Intake::Intake(const Parts& parts, const EventSettings& settings, EventQueue& queue)
    : parts_(parts), settings_(settings), queue_(queue), per_loop_(parts.loops.size()) {}

std::shared_ptr<SourceIndex> Intake::here() {
  CHECK(current_loop() != no_loop);
  auto& index = per_loop_[current_loop()];
  const auto& newest = parts_.catalog.here();
  if (!index || index->snapshot() != newest) index = std::make_shared<SourceIndex>(newest);
  return index;
}

void Intake::require_receivable(const WebhookEvent& event) const {
  const auto& webhook = event.webhook->as<spec::Webhook>();
  if (!webhook.enabled || webhook.head.state == spec::State::disabled)
    throw Failure(unknown_webhook(event.webhook->id.text()));
  if (webhook.require_api_key && !event.caller)
    throw Failure(ErrorKind::unauthorized, "this webhook wants an API key: Authorization: Bearer KEY");
  if (event.raw_body.size() > settings_.payload_bytes_max) {
    throw Failure(ErrorKind::too_large, "the body of an event may have " +
                                            std::to_string(settings_.payload_bytes_max) +
                                            " bytes; this one has " + std::to_string(event.raw_body.size()));
  }
  require_text(event.params);
}

Task<WebhookAnswer> Intake::receive(WebhookEvent event) {
  require_receivable(event);
  const auto index = here();
  const auto caller = caller_of(event);
  const auto headers = headers_of(event);
  auto checking = check_security(parts_.run_here, index->snapshot(), event.webhook, caller, event.raw_body,
                                 headers, event.params);
  co_await std::move(checking);
  auto body = event_of_body(event.raw_body, event.content_type);
  require_fit(index->payload_schema(*event.webhook), body);

  const auto triggers = split(index->of_webhook(*event.webhook));
  std::vector<StoredEvent> events;
  if (!triggers.later.empty()) {
    const auto payload = payload_text(body, headers, event.params);
    for (const auto& trigger : triggers.later)
      events.push_back(event_for(*trigger, EventSource::webhook, event.webhook->id, payload));
  }
  auto storing = queue_.add(std::move(events));
  co_await std::move(storing);

  std::optional<execution::Outcome> outcome;
  if (triggers.waiting) {
    JsonArray brought{std::move(body), headers, event.params};
    auto running = run_now(index->snapshot(), triggers.waiting, std::move(brought), caller);
    outcome = co_await std::move(running);
  }
  co_return answer_of(event.webhook->as<spec::Webhook>(), std::move(outcome));
}

Task<execution::Outcome> Intake::run_now(catalog::SnapshotPointer snapshot, ResourcePointer trigger,
                                         JsonArray event_headers_params, execution::Caller caller) {
  const auto function = snapshot->find(trigger->as<spec::Trigger>().destination.server_function);
  if (!function)
    throw Failure(ErrorKind::unavailable,
                  "the function of trigger '" + trigger->head().name + "' was deleted");
  auto& brought = event_headers_params;
  auto arguments = execution::event_arguments(*function, std::move(brought[0]), std::move(brought[1]),
                                              std::move(brought[2]));
  auto running = parts_.run_here(function, std::move(arguments), std::move(caller));
  try {
    co_return co_await std::move(running);
  } catch (const execution::RunFailure& failure) {
    throw runtime::FunctionFailure(failure.error(), failure.status());
  }
}

std::vector<StoredEvent> Intake::events_of_failure(const journal::ExecutionRecord& record,
                                                   const execution::Caller& caller) {
  std::vector<StoredEvent> events;
  if (caller.handles_error) return events;
  const auto index = here();
  std::string payload;
  for (const auto& trigger : index->error_handlers(record.environment)) {
    if (!handles(*trigger->as<spec::Trigger>().source.error_handler, record, caller)) continue;
    if (payload.empty()) payload = payload_text(error_payload(record, caller), {}, {});
    events.push_back(event_for(*trigger, EventSource::error_handler, record.resource, payload));
  }
  return events;
}

StoredEvent Intake::event_for(const catalog::Resource& trigger, EventSource source,
                              std::optional<ResourceId> source_id, const std::string& payload) const {
  StoredEvent event;
  event.id = parts_.ids.make<EventId>();
  event.environment = trigger.environment;
  event.source = source;
  event.source_id = source_id;
  event.trigger = trigger.id;
  event.function = trigger.as<spec::Trigger>().destination.server_function;
  event.created_at = parts_.clock.now();
  event.next_attempt_at = event.created_at;
  event.payload.text = payload;
  return event;
}

}  // namespace poly::events
