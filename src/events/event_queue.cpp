#include "events/event_queue.hpp"

#include "events/event_rows.hpp"

namespace poly::events {

Reservation::Reservation(Backlog& backlog, std::size_t count) : backlog_(backlog), count_(count) {
  if (backlog.try_add(count)) return;
  count_ = 0;
  throw Failure(ErrorKind::too_many_requests,
                std::to_string(backlog.limit()) + " events wait already; try again later");
}

Task<void> EventQueue::add(std::vector<StoredEvent> events) {
  if (events.empty()) co_return;
  auto room = std::make_unique<Reservation>(backlog_, events.size());
  auto adding = add_reserved(std::move(events), std::move(room));
  co_await std::move(adding);
}

Task<void> EventQueue::add_reserved(std::vector<StoredEvent> events, std::unique_ptr<Reservation> room) {
  std::vector<store::Statement> batch;
  for (const auto& event : events) batch.push_back(rows::insert(event));
  auto writing = store_.write(std::move(batch));
  // A batch that is queued is written whether its caller still waits or not, so its room is taken: see it
  // through.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await std::move(writing);
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  room->keep();
  metrics_.received(events.front().source).add(events.size());
  wake_();
}

}  // namespace poly::events
