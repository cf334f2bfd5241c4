#include "runtime/worker_supply.hpp"

#include <cmath>

#include "base/attempt.hpp"
#include "base/log.hpp"

namespace poly::runtime {
namespace {

// What is left after a second of how many workers were taken at the highest: a burst is remembered for about
// half a minute.
constexpr double memory_of_demand = 0.9;

// A worker that was taken is replaced when its call has had a start: both would want the processor at once.
constexpr std::chrono::milliseconds refill_after{30};

}  // namespace

WorkerSupply::WorkerSupply(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings,
                           OpenProgram open_program)
    : executor_(executor),
      wheel_(wheel),
      settings_(settings),
      open_program_(std::move(open_program)),
      tasks_(executor, "worker supply"),
      refill_timer_(wheel, [this] {
        for (const auto& [kind, shelf] : shelves_) refill(kind);
      }) {}

Task<std::unique_ptr<Worker>> WorkerSupply::take(WorkerKind kind) {
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping");
  auto& shelf = shelves_[kind];
  ++shelf.taken;
  std::unique_ptr<Worker> worker;
  while (!worker && !shelf.waiting.empty()) {
    worker = std::move(shelf.waiting.front());
    shelf.waiting.pop_front();
    if (!worker->alive()) put_away(std::move(worker));
  }
  if (worker) {
    if (!refill_timer_.armed()) refill_timer_.arm(refill_after);
    co_return worker;
  }
  OneShot<std::unique_ptr<Worker>> turn(executor_);
  shelf.takers.push_back(&turn);
  refill(kind);
  auto waiting = turn.wait();
  co_return co_await std::move(waiting);
}

Task<std::unique_ptr<Worker>> WorkerSupply::take_loaded(WorkerKind kind, const Bundle& bundle) {
  process::Fd program;
  if (bundle.program) {
    auto opening = open_program_(*bundle.program);
    program = co_await std::move(opening);
  }
  auto taking = take(kind);
  auto worker = co_await std::move(taking);
  auto loading = attempt(load(*worker, bundle, std::move(program)));
  auto loaded = co_await std::move(loading);
  if (!loaded) {
    put_away(std::move(worker));
    throw Failure(std::move(loaded).error());
  }
  co_return worker;
}

Task<void> WorkerSupply::load(Worker& worker, const Bundle& bundle, process::Fd program) {
  if (bundle.program) value_or_throw(worker.give_program(program));
  auto loading = worker.load(bundle.header, bundle.code, settings_.start_limit);
  co_await std::move(loading);
}

void WorkerSupply::keep_warm(const WorkerKind& kind) {
  shelves_[kind].kept_warm = true;
  refill(kind);
}

std::size_t WorkerSupply::wanted(const Shelf& shelf) const {
  if (memory_is_short_) return 0;
  const auto least = shelf.kept_warm ? settings_.prewarmed : 0;
  const auto demand = static_cast<std::size_t>(std::lround(shelf.recent));
  return std::clamp(demand, least, std::max(least, settings_.prewarmed_max));
}

void WorkerSupply::refill(const WorkerKind& kind) {
  auto& shelf = shelves_[kind];
  if (closing_) return;
  const auto there = shelf.waiting.size() + shelf.starting;
  const auto needed = shelf.takers.size() + wanted(shelf);
  if (there >= needed || shelf.starting >= settings_.starts_at_once) return;
  // Counted beforehand: a start that fails at once is not tried again here.
  for (auto left = std::min(needed - there, settings_.starts_at_once - shelf.starting); left > 0; --left) {
    ++shelf.starting;
    tasks_.spawn(start(kind));
  }
}

Task<void> WorkerSupply::start(WorkerKind kind) {
  auto starting = attempt(greeted(kind));
  auto worker = co_await std::move(starting);
  if (!worker) log(LogLevel::error, "a worker could not be started", {{"error", worker.error().message}});
  auto& shelf = shelves_[kind];
  --shelf.starting;
  if (!shelf.takers.empty()) {
    auto* taker = shelf.takers.front();
    shelf.takers.pop_front();
    taker->deliver(std::move(worker));
  } else if (worker && closing_) {
    put_away(std::move(*worker));
  } else if (worker) {
    shelf.waiting.push_back(std::move(*worker));
  } else {
    co_return;  // nobody waits for it: the next one to ask makes another attempt
  }
  refill(kind);
}

Task<std::unique_ptr<Worker>> WorkerSupply::greeted(WorkerKind kind) {
  auto starting = start_process(kind);
  auto process = co_await std::move(starting);
  auto worker = Worker::over(executor_, wheel_, std::move(process));
  auto greeting = attempt(worker->hello(settings_.start_limit));
  auto heard = co_await std::move(greeting);
  if (!heard) put_away(std::move(worker));
  value_or_throw(std::move(heard));
  co_return worker;
}

Task<std::unique_ptr<process::Process>> WorkerSupply::start_process(WorkerKind kind) {
  const auto command = worker_command(settings_, kind);
  if (auto* server = template_for(kind)) {
    try {
      auto forking = server->fork(command);
      co_return co_await std::move(forking);
    } catch (const Failure& failure) {
      log(LogLevel::warn, "a worker is started alone", {{"because", failure.error().message}});
    }
  }
  co_return value_or_throw(process::Process::start(executor_, command));
}

// The template of that kind, started when it is not there; null for engines that have none.
process::ForkServer* WorkerSupply::template_for(const WorkerKind& kind) {
  if (!settings_.forks || closing_) return nullptr;
  const auto command = template_command(settings_, kind);
  if (!command) return nullptr;
  auto& server = templates_[{kind.engine, 0, kind.network}];
  if (server && server->alive()) return server.get();
  if (server) tasks_.spawn(bury_template(std::move(server)));
  auto started = process::ForkServer::start(executor_, *command);
  if (!started) {
    log(LogLevel::error, "no process to fork workers from", {{"error", started.error().message}});
    return nullptr;
  }
  server = std::move(*started);
  return server.get();
}

Task<void> WorkerSupply::bury_template(std::unique_ptr<process::ForkServer> server) {
  auto closing = server->close();
  co_await std::move(closing);
}

void WorkerSupply::follow_demand(bool memory_is_short) {
  memory_is_short_ = memory_is_short;
  for (auto& [kind, shelf] : shelves_) {
    shelf.recent =
        std::max(static_cast<double>(std::exchange(shelf.taken, 0)), shelf.recent * memory_of_demand);
    while (shelf.waiting.size() > wanted(shelf)) {
      put_away(std::move(shelf.waiting.front()));
      shelf.waiting.pop_front();
    }
    refill(kind);
  }
}

void WorkerSupply::put_away(std::unique_ptr<Worker> worker) {
  if (worker) tasks_.spawn(bury(std::move(worker)));
}

Task<void> WorkerSupply::bury(std::unique_ptr<Worker> worker) {
  auto closing = worker->close();
  co_await std::move(closing);
}

bool WorkerSupply::at_rest() const {
  return std::ranges::all_of(shelves_, [this](const auto& entry) {
    const auto& shelf = entry.second;
    const auto least = shelf.kept_warm ? settings_.prewarmed : 0;
    return shelf.taken == 0 && shelf.starting == 0 && shelf.waiting.size() == least && wanted(shelf) == least;
  });
}

Task<void> WorkerSupply::close() {
  closing_ = true;
  refill_timer_.disarm();
  for (auto& [kind, shelf] : shelves_) {
    for (auto& worker : shelf.waiting) put_away(std::move(worker));
    shelf.waiting.clear();
    for (auto* taker : std::exchange(shelf.takers, {})) {
      taker->deliver(fail(ErrorKind::unavailable, "the server is stopping"));
    }
  }
  for (auto& [kind, server] : std::exchange(templates_, {})) tasks_.spawn(bury_template(std::move(server)));
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::runtime
