#include "events/dispatcher.hpp"

#include <boost/asio/post.hpp>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "events/backoff.hpp"
#include "events/event_rows.hpp"

namespace poly::events {
namespace {

constexpr std::string_view stopped_during_last = "the server stopped during the last attempt";

// As much of an error as is kept with its event; not cut inside a character.
std::string_view shown(const Error& problem) {
  const std::string_view message = problem.message;
  if (message.size() <= journal::error_bytes_max) return message;
  auto end = journal::error_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  return message.substr(0, end);
}

}  // namespace

Dispatcher::Dispatcher(const Parts& parts, const EventSettings& settings, Backlog& backlog,
                       EventMetrics& metrics)
    : parts_(parts),
      settings_(settings),
      backlog_(backlog),
      metrics_(metrics),
      tasks_(parts.control, "events"),
      next_due_(parts.control_wheel, [this] { wake(); }),
      idle_(parts.control) {}

Task<void> Dispatcher::start() {
  auto recovering =
      parts_.store.write(rows::recover(settings_.attempts_max, parts_.clock.now(), stopped_during_last));
  co_await std::move(recovering);
  auto counting = parts_.store.read(rows::count_unfinished());
  const auto counted = co_await std::move(counting);
  backlog_.add(static_cast<std::size_t>(counted[0].integer(0)));
  started_ = true;
  wake();
}

Task<void> Dispatcher::close() {
  closed_ = true;
  next_due_.disarm();
  if (running_.empty()) idle_.deliver(true);
  TimerWheel::Timer limit(parts_.control_wheel, [this] { idle_.deliver(false); });
  limit.arm(settings_.closing_wait);
  auto waiting = idle_.wait();
  const bool all_ended = co_await std::move(waiting);
  if (all_ended) co_return;
  log(LogLevel::warn, "events still run while the server stops; they are tried again at the next start",
      {{"count", running_.size()}});
}

Task<void> Dispatcher::join() {
  auto joining = tasks_.join();
  co_await std::move(joining);
}

void Dispatcher::own(Task<void> task) {
  if (!closed()) tasks_.spawn(std::move(task));
}

void Dispatcher::wake_from_anywhere() {
  if (wake_posted_.exchange(true)) return;
  boost::asio::post(parts_.control, [this] {
    wake_posted_ = false;
    wake();
  });
}

void Dispatcher::wake() {
  if (!started_ || closed()) return;
  again_ = true;
  if (dispatching_) return;
  dispatching_ = true;
  tasks_.spawn(dispatch());
}

Task<void> Dispatcher::dispatch() {
  while (again_ && !closed()) {
    again_ = false;
    auto handing = attempt(hand_out());
    const auto handed = co_await std::move(handing);
    if (handed) continue;
    if (handed.error().kind == ErrorKind::conflict) {
      again_ = true;  // somebody discarded one of them in between
    } else {
      log(LogLevel::error, "events could not be read; trying again", {{"error", handed.error().message}});
      next_due_.arm(store_retry_wait);
    }
  }
  dispatching_ = false;
}

// Starts what is due and fits; the end of a run, or the time of the next event, comes back here.
Task<void> Dispatcher::hand_out() {
  const auto room = settings_.running_max - running_.size();
  if (room == 0) co_return;
  auto reading = parts_.store.read(rows::next_pending(room));
  const auto found = co_await std::move(reading);
  const auto now = parts_.clock.now();
  std::vector<StoredEvent> due;
  std::vector<store::Statement> batch;
  for (const auto row : found) {
    const auto when = row.time(rows::next_attempt_column);
    // What lies further ahead than the longest backoff was put there before the clock was put back.
    if (when > now && when <= now + settings_.backoff_max) {
      next_due_.arm(when - now);
      break;
    }
    due.push_back(rows::event_of(row));
    batch.push_back(rows::begin_attempt(due.back().id));
  }
  if (due.empty() || closed()) co_return;
  auto beginning = parts_.store.write(std::move(batch));
  co_await std::move(beginning);
  for (auto& event : due) {
    ++event.attempts;
    running_.insert(event.id);
    tasks_.spawn(deliver(std::move(event)));
  }
}

Task<void> Dispatcher::deliver(StoredEvent event) {
  metrics_.delay.observe(std::max(parts_.clock.now() - event.next_attempt_at, std::chrono::milliseconds(0)));
  const auto id = event.id;
  auto target = target_of(event);
  const bool hopeless = !target;
  std::optional<Error> problem;
  if (hopeless) {
    problem = std::move(target).error();
  } else {
    auto running = attempt(run(std::move(event.payload), event.source, std::move(*target)));
    auto ran = co_await std::move(running);
    if (!ran) problem = std::move(ran).error();
  }
  auto settling = settle(std::move(event), std::move(problem), hopeless);
  co_await std::move(settling);
  ended(id);
}

// Where an event leads now. That there is nothing no attempt can change, so the event is given up.
Result<Dispatcher::Target> Dispatcher::target_of(const StoredEvent& event) const {
  const auto& snapshot = *parts_.catalog.here();
  auto trigger = snapshot.find(event.trigger);
  const auto* definition = trigger ? trigger->if_is<spec::Trigger>() : nullptr;
  if (!definition) return fail(ErrorKind::not_found, "the trigger was deleted");
  const auto named = "trigger '" + trigger->head().name + "'";
  if (!definition->enabled)
    return fail(ErrorKind::forbidden, "the " + named + " is disabled: enable it, then replay the event");
  auto function = snapshot.find(definition->destination.server_function);
  if (!function) return fail(ErrorKind::not_found, "the function of " + named + " was deleted");
  return Target{std::move(trigger), std::move(function)};
}

Task<void> Dispatcher::run(JsonText payload, EventSource source, Target target) {
  auto brought = payload.parsed();
  auto& parts = brought.as_object();
  auto arguments = execution::event_arguments(*target.function, std::move(parts["event"]),
                                              std::move(parts["headers"]), std::move(parts["params"]));
  execution::Caller caller;
  caller.identity = execution::system_identity(target.trigger->tenant, target.trigger->environment);
  caller.handles_error = source == EventSource::error_handler;
  auto running = parts_.run_anywhere(target.function, std::move(arguments), std::move(caller));
  co_await std::move(running);
}

Task<void> Dispatcher::settle(StoredEvent event, std::optional<Error> problem, bool hopeless) {
  std::vector<store::Statement> batch;
  bool over = true;
  auto* counter = &metrics_.delivered;
  if (!problem) {
    batch.push_back(rows::delivered(event.id));
  } else if (hopeless || (event.attempts >= settings_.attempts_max && !closed())) {
    batch = burial(event, *problem);
    counter = &metrics_.dead;
  } else if (closed()) {
    batch.push_back(rows::give_back(event.id));
    over = false;
    counter = nullptr;
  } else {
    const auto when = parts_.clock.now() + backoff(settings_, event.id, event.attempts);
    batch.push_back(rows::retry(event.id, when, shown(*problem)));
    over = false;
    counter = &metrics_.retried;
  }
  auto writing = write_until_done(std::move(batch));
  co_await std::move(writing);
  if (over) backlog_.remove(1);
  if (counter) counter->add();
}

std::vector<store::Statement> Dispatcher::burial(const StoredEvent& event, const Error& problem) const {
  log(LogLevel::warn, "an event was given up",
      {{"event", event.id.text()}, {"trigger", event.trigger.text()}, {"error", shown(problem)}});
  std::vector<store::Statement> batch;
  batch.push_back(rows::give_up(event.id, parts_.clock.now(), shown(problem)));
  batch.push_back(rows::trim_dead(event.environment, settings_.dead_letters_kept_max));
  return batch;
}

// What became of an event is not forgotten because the disk is full for a while. When the server stops
// meanwhile, the next start finds the event as running and runs it again.
Task<void> Dispatcher::write_until_done(std::vector<store::Statement> batch) {
  while (true) {
    auto writing = attempt(parts_.store.write(batch));
    const auto written = co_await std::move(writing);
    if (written) co_return;
    log(LogLevel::error, "what became of an event could not be stored", {{"error", written.error().message}});
    if (closed() || written.error().kind == ErrorKind::conflict) co_return;
    auto pausing = pause(store_retry_wait);
    co_await std::move(pausing);
  }
}

Task<void> Dispatcher::pause(std::chrono::milliseconds how_long) {
  OneShot<bool> passed(parts_.control);
  TimerWheel::Timer timer(parts_.control_wheel, [&] { passed.deliver(true); });
  timer.arm(how_long);
  auto waiting = passed.wait();
  co_await std::move(waiting);
}

void Dispatcher::ended(EventId event) {
  running_.erase(event);
  if (closed() && running_.empty()) idle_.deliver(true);
  wake();
}

}  // namespace poly::events
