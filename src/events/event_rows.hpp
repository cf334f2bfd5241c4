// Events as rows: every statement about the table `events` stands here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/stored_event.hpp"
#include "store/store.hpp"

namespace poly::events::rows {

store::Statement insert(const StoredEvent& event);

// What a process that ended in the middle left as running: pending again, or dead when that was the last
// attempt.
std::vector<store::Statement> recover(int attempts_max, Timestamp now, std::string_view reason);
store::Statement count_unfinished();

// Pending events, the next one first, whether their time has come or not.
store::Statement next_pending(std::size_t limit);

// These change one row each and undo the whole batch (conflict) when it is no longer in the state that they
// start from.
store::Statement begin_attempt(EventId event);  // pending to running
store::Statement delivered(EventId event);      // running to gone
store::Statement retry(EventId event, Timestamp when, std::string_view error);
store::Statement give_back(EventId event);  // the attempt does not count
store::Statement give_up(EventId event, Timestamp now, std::string_view error);
store::Statement replay(EventId event, Timestamp now);     // dead to pending
store::Statement discard(EventId event, EventState from);  // to gone

// Of an environment's dead events, only the `kept` newest stay.
store::Statement trim_dead(EnvironmentId environment, std::size_t kept);

store::Statement list(EnvironmentId environment, const EventFilter& filter);
store::Statement get(EnvironmentId environment, EventId event);

// A row of next_pending, list or get; the first of them looks at one column alone.
inline constexpr std::size_t next_attempt_column = 8;
StoredEvent event_of(const store::Row& row);

}  // namespace poly::events::rows
