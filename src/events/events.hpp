// The front door of events: what comes in through webhooks and what fails in functions reaches the triggers
// that ask for it. An event is acknowledged only when it is on the disk, runs at least once, is tried again
// when it fails, and ends as a dead letter that people can look at and replay.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/loop.hpp"
#include "base/timer_wheel.hpp"
#include "catalog/catalog.hpp"
#include "events/settings.hpp"
#include "events/stored_event.hpp"
#include "execution/execution.hpp"
#include "journal/metrics.hpp"
#include "store/store.hpp"

namespace poly::events {

// How functions are run: `Execution::run` and `Execution::run_anywhere`. Throws execution::RunFailure.
using RunFunction = std::function<Task<execution::Outcome>(catalog::ResourcePointer function, Json arguments,
                                                           execution::Caller caller)>;

struct Parts {
  LoopGroup& loops;
  Executor control;  // the loop of the control plane, where events are handed out
  store::Store& store;
  const catalog::Catalog& catalog;
  RunFunction run_here;      // on a loop of the data plane; the outcome may be a stream
  RunFunction run_anywhere;  // from the control loop
  journal::Metrics& metrics;
  const Clock& clock;
  IdSource& ids;
  TimerWheel& control_wheel;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// A request to a webhook whose path and method were found to fit (webhook_route.hpp).
struct WebhookEvent {
  catalog::ResourcePointer webhook;
  std::string raw_body;
  std::string content_type;
  HeaderList headers;                // lower-case names; with x-http-method and x-original-uri
  JsonObject params;                 // from the path and the query
  identity::IdentityPointer caller;  // null when no key was given
};

struct WebhookAnswer {
  int status = 200;
  HeaderList headers;        // without Content-Type
  std::string content_type;  // "" when there is no body
  std::string body;
  std::shared_ptr<execution::StreamedResult> stream = nullptr;  // when set, the body comes through it
};

// What the sender is told of a webhook that is not there, or is disabled.
Error unknown_webhook(std::string_view id);

class Events final {
 public:
  explicit Events(Parts parts, EventSettings settings = EventSettings());
  ~Events();  // join() must have returned
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  // On any loop of the data plane. Returns when every event is stored and the waiting trigger, if any, has
  // answered. Throws Failure: not_found (disabled), unauthorized (the webhook wants a key), forbidden (a
  // security function did not return true), bad_request (a malformed body, or one that does not fit the
  // webhook's schema), too_large, too_many_requests (pending_max), and what the waiting trigger's function
  // failed with.
  Task<WebhookAnswer> receive(WebhookEvent event);

  // A run failed: on the loop of the data plane that ran it (the listener of Execution::on_failure).
  void run_failed(const journal::ExecutionRecord& record, const execution::Caller& caller);

  // The rest belongs to the control loop.

  // Takes up what an earlier process left.
  Task<void> start();
  // Hands out no more and waits up to closing_wait for what runs. What is unfinished then stays stored, and
  // is taken up by the next start.
  Task<void> close();
  // Returns when nothing runs any more: after close(), and after the runtime has closed, which ends every
  // call.
  Task<void> join();

  Task<std::vector<StoredEvent>> list(EnvironmentId environment, EventFilter filter);
  // These throw not_found when the environment has no such event.
  Task<StoredEvent> get(EnvironmentId environment, EventId id);
  // A dead event is tried again, with all its attempts; of any other: conflict.
  Task<StoredEvent> replay(EnvironmentId environment, EventId id);
  // Deletes an event that does not run at the moment; of one that does: conflict.
  Task<void> discard(EnvironmentId environment, EventId id);

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace poly::events
