// Where events are stored before anybody is told that they were received.
#pragma once

#include <functional>
#include <vector>

#include "events/backlog.hpp"
#include "events/event_metrics.hpp"
#include "events/stored_event.hpp"
#include "store/store.hpp"

namespace poly::events {

// Room for some events, given back unless they are stored.
class Reservation final {
 public:
  // Throws Failure (too_many_requests) when there is not room for all of them.
  Reservation(Backlog& backlog, std::size_t count);
  ~Reservation() { backlog_.remove(count_); }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  void keep() { count_ = 0; }

 private:
  Backlog& backlog_;
  std::size_t count_;
};

class EventQueue final {
 public:
  // `wake` tells the dispatcher, from any thread.
  EventQueue(store::Store& store, Backlog& backlog, EventMetrics& metrics, std::function<void()> wake)
      : store_(store), backlog_(backlog), metrics_(metrics), wake_(std::move(wake)) {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  // All of them or none; returns when they are on the disk. Any loop.
  Task<void> add(std::vector<StoredEvent> events);

  // The same with room that was taken before.
  Task<void> add_reserved(std::vector<StoredEvent> events, std::unique_ptr<Reservation> room);

 private:
  store::Store& store_;
  Backlog& backlog_;
  EventMetrics& metrics_;
  std::function<void()> wake_;
};

}  // namespace poly::events
