// An event as it is stored and shown: what happened, for which trigger, and how often it was tried.
#pragma once

#include <optional>
#include <string>

#include "base/codec.hpp"

namespace poly::events {

using EventId = Id<struct EventTag>;

enum class EventState {
  pending,  // waits for its next attempt
  running,
  dead,  // given up; stays until somebody replays or discards it
};

enum class EventSource { webhook, error_handler };

struct StoredEvent {
  EventId id;
  EnvironmentId environment;
  EventSource source = EventSource::webhook;
  std::optional<ResourceId> source_id;  // the webhook, or the function that failed
  ResourceId trigger;
  std::optional<ResourceId> function;  // what the trigger led to when the event came in
  EventState state = EventState::pending;
  int attempts = 0;           // begun
  Timestamp next_attempt_at;  // of a dead event: when it was given up
  Timestamp created_at;
  std::optional<std::string> last_error;
  JsonText payload;  // {event, headers, params}; list() leaves it out

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("id", self.id);
    field.required("source", self.source);
    field.optional("sourceId", self.source_id);
    field.required("triggerId", self.trigger);
    field.optional("functionId", self.function);
    field.required("state", self.state);
    field.required("attempts", self.attempts);
    field.required("nextAttemptAt", self.next_attempt_at);
    field.required("createdAt", self.created_at);
    field.optional("lastError", self.last_error);
    field.optional("payload", self.payload);
  }
  bool operator==(const StoredEvent&) const = default;
};

inline constexpr std::size_t events_listed_max = 1'000;  // whatever limit is asked for

// What is absent does not narrow. The newest come first.
struct EventFilter {
  std::optional<EventState> state;
  std::optional<ResourceId> trigger;
  std::size_t limit = 100;
};

}  // namespace poly::events

template <>
inline constexpr auto poly::enum_words<poly::events::EventState> =
    std::to_array<poly::EnumWord<poly::events::EventState>>({
        {poly::events::EventState::pending, "pending"},
        {poly::events::EventState::running, "running"},
        {poly::events::EventState::dead, "dead"},
    });
template <>
inline constexpr auto poly::enum_words<poly::events::EventSource> =
    std::to_array<poly::EnumWord<poly::events::EventSource>>({
        {poly::events::EventSource::webhook, "webhook"},
        {poly::events::EventSource::error_handler, "errorHandler"},
    });
