#include "events/events.hpp"

#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "events/dispatcher.hpp"
#include "events/event_rows.hpp"
#include "events/intake.hpp"

namespace poly::events {
namespace {

Failure no_event(EventId id) {
  return {ErrorKind::not_found, "there is no event '" + id.text() + "'"};
}

}  // namespace

struct Events::Rooms {
  Rooms(Parts given, EventSettings limits)
      : parts(std::move(given)),
        settings(limits),
        metrics(parts.metrics),
        backlog(settings.pending_max, metrics.pending),
        dispatcher(parts, settings, backlog, metrics),
        queue(parts.store, backlog, metrics, [this] { dispatcher.wake_from_anywhere(); }),
        intake(parts, settings, queue) {}

  const Parts parts;
  const EventSettings settings;
  EventMetrics metrics;
  Backlog backlog;
  Dispatcher dispatcher;
  EventQueue queue;
  Intake intake;
};

Events::Events(Parts parts, EventSettings settings)
    : rooms_(std::make_unique<Rooms>(std::move(parts), settings)) {}

Events::~Events() = default;

Task<WebhookAnswer> Events::receive(WebhookEvent event) {
  return rooms_->intake.receive(std::move(event));
}

// The run that failed is over and waits for nobody: the events are stored by the control loop. A failure that
// finds no room is dropped and counted; holding back the loop of the data plane would make more of them.
void Events::run_failed(const journal::ExecutionRecord& record, const execution::Caller& caller) {
  if (rooms_->dispatcher.closed()) return;
  auto events = rooms_->intake.events_of_failure(record, caller);
  if (events.empty()) return;
  std::unique_ptr<Reservation> room;
  try {
    room = std::make_unique<Reservation>(rooms_->backlog, events.size());
  } catch (const Failure& full) {
    rooms_->metrics.dropped.add(events.size());
    log(LogLevel::warn, "no error handler will hear of a failed run",
        {{"execution", record.id.text()}, {"path", record.path}, {"reason", full.error().message}});
    return;
  }
  auto adding = rooms_->queue.add_reserved(std::move(events), std::move(room));
  boost::asio::post(rooms_->parts.control, [rooms = rooms_.get(), adding = std::move(adding)]() mutable {
    rooms->dispatcher.own(std::move(adding));
  });
}

Task<void> Events::start() {
  return rooms_->dispatcher.start();
}
Task<void> Events::close() {
  return rooms_->dispatcher.close();
}
Task<void> Events::join() {
  return rooms_->dispatcher.join();
}

Task<std::vector<StoredEvent>> Events::list(EnvironmentId environment, EventFilter filter) {
  auto reading = rooms_->parts.store.read(rows::list(environment, filter));
  const auto found = co_await std::move(reading);
  std::vector<StoredEvent> events;
  for (const auto row : found) events.push_back(rows::event_of(row));
  co_return events;
}

Task<StoredEvent> Events::get(EnvironmentId environment, EventId id) {
  auto reading = rooms_->parts.store.read(rows::get(environment, id));
  const auto found = co_await std::move(reading);
  if (found.empty()) throw no_event(id);
  co_return rows::event_of(found[0]);
}

Task<StoredEvent> Events::replay(EnvironmentId environment, EventId id) {
  auto getting = get(environment, id);
  const auto event = co_await std::move(getting);
  if (event.state != EventState::dead) {
    throw Failure(ErrorKind::conflict, "event '" + id.text() + "' is " + std::string(word_of(event.state)) +
                                           "; only a dead event can be replayed");
  }
  Reservation room(rooms_->backlog, 1);
  std::vector<store::Statement> batch;
  batch.push_back(rows::replay(id, rooms_->parts.clock.now()));
  auto writing = rooms_->parts.store.write(std::move(batch));
  co_await std::move(writing);
  room.keep();
  auto again = get(environment, id);
  auto replayed = co_await std::move(again);
  rooms_->dispatcher.wake();
  co_return replayed;
}

Task<void> Events::discard(EnvironmentId environment, EventId id) {
  auto getting = get(environment, id);
  const auto event = co_await std::move(getting);
  if (event.state == EventState::running)
    throw Failure(ErrorKind::conflict,
                  "event '" + id.text() + "' runs at the moment; try again when it has ended");
  std::vector<store::Statement> batch;
  batch.push_back(rows::discard(id, event.state));
  auto writing = rooms_->parts.store.write(std::move(batch));
  co_await std::move(writing);
  if (event.state == EventState::pending) rooms_->backlog.remove(1);
}

}  // namespace poly::events
