// Which job is due when. Reads no clock and knows no store: who looks at the clock hands the time in.
//
// Each job has a moment up to which it is counted: what was due until then has been run, recorded or passed
// over and never comes again, wherever the clock is put. A clock put back by more than clock_back_max was
// wrong before, so such moments count no more. A clock put forward, or a machine that slept, makes one tick
// of all that was due.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "schedule/timing.hpp"

namespace poly::schedule {

inline constexpr std::chrono::hours clock_back_max{24};

// A job that is due.
struct Tick {
  ResourceId job;
  Timestamp due_at;         // the last of the moments since the one before
  Timestamp counted_until;  // the new one, to be kept with what comes of the tick
  bool too_late = false;    // past the acceptable delay: must not run

  bool operator==(const Tick&) const = default;
};

class Timetable final {
 public:
  // Adds the job or replaces its timing. `counted_until` is nothing when no moment of it is counted, not even
  // one in the past: for a job that runs once.
  void set(ResourceId job, Timing timing, std::optional<Timestamp> counted_until);
  void remove(ResourceId job);

  std::optional<Timestamp> next(ResourceId job) const;
  std::optional<Timestamp> earliest() const;

  // What is due at `now`, each job once, in the order of time; it counts from here on.
  std::vector<Tick> take_due(Timestamp now);

 private:
  struct Entry {
    Timing timing;
    std::optional<Timestamp> counted_until;
    std::optional<Timestamp> next;
  };

  void plan(ResourceId job, Entry& entry);
  void distrust_future(Timestamp now);

  std::unordered_map<ResourceId, Entry> entries_;
  std::set<std::pair<Timestamp, ResourceId>> by_time_;
  std::optional<Timestamp> looked_at_;
};

}  // namespace poly::schedule
