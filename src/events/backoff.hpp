// How long a failed event waits for its next attempt.
#pragma once

#include "events/settings.hpp"
#include "events/stored_event.hpp"

namespace poly::events {

// After `attempts` (at least one): twice as long as after the one before, up to backoff_max, and shortened by
// up to a half so that what failed together does not come back together. The part that is cut off is drawn
// from the event's id: the same event always waits the same.
std::chrono::milliseconds backoff(const EventSettings& settings, EventId event, int attempts);

}  // namespace poly::events
