#include "schedule/timetable.hpp"

namespace poly::schedule {
namespace {

using std::chrono::milliseconds;

// The last due moment at or before `now`, of which `first` is one: found by halving, as schedules only look
// forwards and a second-by-second one may have missed millions.
Timestamp last_due(const Timing& timing, Timestamp first, Timestamp now, Timestamp anchor) {
  auto found = first;
  auto low = first;  // next(low) may be at or before now
  auto high = now;   // next(high) is after now
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto next = timing.next(middle, anchor);
    if (next && *next <= now) {
      found = *next;
      low = *next;
    } else {
      high = middle;
    }
  }
  return found;
}

}  // namespace

void Timetable::set(ResourceId job, Timing timing, std::optional<Timestamp> counted_until) {
  CHECK(counted_until || timing.is_once());
  remove(job);
  const auto [entry, added] = entries_.emplace(job, Entry{std::move(timing), counted_until, {}});
  plan(job, entry->second);
}

void Timetable::remove(ResourceId job) {
  const auto entry = entries_.find(job);
  if (entry == entries_.end()) return;
  if (entry->second.next) by_time_.erase({*entry->second.next, job});
  entries_.erase(entry);
}

void Timetable::plan(ResourceId job, Entry& entry) {
  if (entry.next) by_time_.erase({*entry.next, job});
  const auto from = entry.counted_until.value_or(Timestamp::min());
  entry.next = entry.timing.next(from, from);
  if (entry.next) by_time_.emplace(*entry.next, job);
}

std::optional<Timestamp> Timetable::next(ResourceId job) const {
  const auto entry = entries_.find(job);
  return entry == entries_.end() ? std::nullopt : entry->second.next;
}

std::optional<Timestamp> Timetable::earliest() const {
  return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
}

// Moments counted by a clock that was wrong would silence their jobs until the right clock reaches them. A
// job that runs once has had its run.
void Timetable::distrust_future(Timestamp now) {
  for (auto& [job, entry] : entries_) {
    if (!entry.counted_until || *entry.counted_until <= now + clock_back_max || entry.timing.is_once())
      continue;
    entry.counted_until = now;
    plan(job, entry);
  }
}

std::vector<Tick> Timetable::take_due(Timestamp now) {
  if (!looked_at_ || now + clock_back_max < *looked_at_) distrust_future(now);
  looked_at_ = now;
  std::vector<Tick> due;
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const auto [first, job] = *by_time_.begin();
    auto& entry = entries_.at(job);
    Tick tick{.job = job, .due_at = last_due(entry.timing, first, now, entry.counted_until.value_or(first))};
    const auto delay = now - tick.due_at;
    tick.too_late = !entry.timing.tolerates(delay);
    const bool counts_anew = entry.timing.is_interval() && !tick.too_late && delay > punctual_delay;
    tick.counted_until = counts_anew ? now : tick.due_at;
    entry.counted_until = tick.counted_until;
    plan(job, entry);
    due.push_back(tick);
  }
  return due;
}

}  // namespace poly::schedule
