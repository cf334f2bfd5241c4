// Hands stored events to their functions: at most so many at once, those that are due first, again after a
// while when they fail, and never for ever. All of it on the control loop, but for waking it.
#pragma once

#include <atomic>
#include <unordered_set>

#include "base/one_shot.hpp"
#include "base/task_group.hpp"
#include "events/event_queue.hpp"
#include "events/events.hpp"

namespace poly::events {

// Between two tries to reach a store that fails.
inline constexpr std::chrono::milliseconds store_retry_wait{1'000};

class Dispatcher final {
 public:
  Dispatcher(const Parts& parts, const EventSettings& settings, Backlog& backlog, EventMetrics& metrics);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  Task<void> start();
  Task<void> close();
  Task<void> join();

  void wake();
  void wake_from_anywhere();

  // A task of another part that ends before join() returns; dropped after close().
  void own(Task<void> task);
  bool closed() const { return closed_.load(std::memory_order_relaxed); }

 private:
  struct Target {
    catalog::ResourcePointer trigger, function;
  };

  Task<void> dispatch();
  Task<void> hand_out();
  Task<void> deliver(StoredEvent event);
  Task<void> run(JsonText payload, EventSource source, Target target);
  Task<void> settle(StoredEvent event, std::optional<Error> problem, bool hopeless);
  Task<void> write_until_done(std::vector<store::Statement> batch);
  Task<void> pause(std::chrono::milliseconds how_long);
  Result<Target> target_of(const StoredEvent& event) const;
  std::vector<store::Statement> burial(const StoredEvent& event, const Error& problem) const;
  void ended(EventId event);

  const Parts& parts_;
  const EventSettings& settings_;
  Backlog& backlog_;
  EventMetrics& metrics_;
  TaskGroup tasks_;
  TimerWheel::Timer next_due_;
  std::unordered_set<EventId> running_;
  OneShot<bool> idle_;  // closed, and nothing runs
  bool started_ = false;
  bool dispatching_ = false;
  bool again_ = false;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> wake_posted_ = false;
};

}  // namespace poly::events
