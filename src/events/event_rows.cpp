#include "events/event_rows.hpp"

#include <algorithm>

namespace poly::events::rows {
namespace {

using store::statement;
using store::Statement;

Statement one_row(Statement made) {
  made.rows_expected = 1;
  return made;
}

}  // namespace

Statement insert(const StoredEvent& event) {
  return statement(
      "INSERT INTO events (id, environment_id, source_kind, source_id, trigger_id, function_id, payload, "
      "state, "
      "attempts, next_attempt_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      event.id, event.environment, word_of(event.source), event.source_id, event.trigger, event.function,
      event.payload.text, word_of(event.state), std::int64_t{event.attempts}, event.next_attempt_at,
      event.created_at);
}

std::vector<Statement> recover(int attempts_max, Timestamp now, std::string_view reason) {
  std::vector<Statement> batch;
  batch.push_back(
      statement("UPDATE events SET state = 'dead', next_attempt_at = $2, last_error = $3 "
                "WHERE state = 'running' AND attempts >= $1",
                std::int64_t{attempts_max}, now, reason));
  batch.push_back(statement("UPDATE events SET state = 'pending' WHERE state = 'running'"));
  return batch;
}

Statement count_unfinished() {
  return statement("SELECT count(*) FROM events WHERE state IN ('pending', 'running')");
}

Statement next_pending(std::size_t limit) {
  return statement(
      "SELECT id, environment_id, source_kind, source_id, trigger_id, function_id, state, attempts, "
      "next_attempt_at, created_at, last_error, payload FROM events WHERE state = 'pending' "
      "ORDER BY next_attempt_at, id LIMIT $1",
      static_cast<std::int64_t>(limit));
}

Statement begin_attempt(EventId event) {
  return one_row(statement(
      "UPDATE events SET state = 'running', attempts = attempts + 1 WHERE id = $1 AND state = 'pending'",
      event));
}

Statement delivered(EventId event) {
  return one_row(statement("DELETE FROM events WHERE id = $1 AND state = 'running'", event));
}

Statement retry(EventId event, Timestamp when, std::string_view error) {
  return one_row(
      statement("UPDATE events SET state = 'pending', next_attempt_at = $2, last_error = $3 "
                "WHERE id = $1 AND state = 'running'",
                event, when, error));
}

Statement give_back(EventId event) {
  return one_row(
      statement("UPDATE events SET state = 'pending', attempts = attempts - 1 "
                "WHERE id = $1 AND state = 'running'",
                event));
}

Statement give_up(EventId event, Timestamp now, std::string_view error) {
  return one_row(
      statement("UPDATE events SET state = 'dead', next_attempt_at = $2, last_error = $3 "
                "WHERE id = $1 AND state = 'running'",
                event, now, error));
}

Statement replay(EventId event, Timestamp now) {
  return one_row(
      statement("UPDATE events SET state = 'pending', attempts = 0, next_attempt_at = $2 "
                "WHERE id = $1 AND state = 'dead'",
                event, now));
}

Statement discard(EventId event, EventState from) {
  return one_row(statement("DELETE FROM events WHERE id = $1 AND state = $2", event, word_of(from)));
}

Statement trim_dead(EnvironmentId environment, std::size_t kept) {
  return statement(
      "DELETE FROM events WHERE environment_id = $1 AND state = 'dead' AND next_attempt_at < "
      "(SELECT next_attempt_at FROM events WHERE environment_id = $1 AND state = 'dead' "
      "ORDER BY next_attempt_at DESC LIMIT 1 OFFSET $2)",
      environment, static_cast<std::int64_t>(kept) - 1);
}

Statement list(EnvironmentId environment, const EventFilter& filter) {
  const auto limit = static_cast<std::int64_t>(std::min(filter.limit, events_listed_max));
  std::optional<std::string> state;
  if (filter.state) state = word_of(*filter.state);
  return statement(
      "SELECT id, environment_id, source_kind, source_id, trigger_id, function_id, state, attempts, "
      "next_attempt_at, created_at, last_error FROM events WHERE environment_id = $1 "
      "AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR trigger_id = $3) "
      "ORDER BY created_at DESC, id DESC LIMIT $4",
      environment, std::move(state), filter.trigger, limit);
}

Statement get(EnvironmentId environment, EventId event) {
  return statement(
      "SELECT id, environment_id, source_kind, source_id, trigger_id, function_id, state, attempts, "
      "next_attempt_at, created_at, last_error, payload FROM events WHERE id = $1 AND environment_id = $2",
      event, environment);
}

StoredEvent event_of(const store::Row& row) {
  constexpr std::size_t payload_column = 11;
  StoredEvent event;
  event.id = row.id<EventId>(0);
  event.environment = row.id<EnvironmentId>(1);
  event.source = enum_of<EventSource>(row.text(2)).value();
  event.source_id = row.id_or_null<ResourceId>(3);
  event.trigger = row.id<ResourceId>(4);
  event.function = row.id_or_null<ResourceId>(5);
  event.state = enum_of<EventState>(row.text(6)).value();
  event.attempts = static_cast<int>(row.integer(7));
  event.next_attempt_at = row.time(next_attempt_column);
  event.created_at = row.time(9);
  event.last_error = row.text_or_null(10);
  if (row.columns() > payload_column) event.payload.text = row.text(payload_column);
  return event;
}

}  // namespace poly::events::rows
