#include "runtime/worker_supply.hpp"

#include "base/log.hpp"

namespace poly::runtime {

WorkerSupply::WorkerSupply(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings)
    : executor_(executor), wheel_(wheel), settings_(settings), tasks_(executor, "worker supply") {}

Task<std::unique_ptr<Worker>> WorkerSupply::start(Engine engine) {
  auto worker = value_or_throw(Worker::start(executor_, wheel_, worker_command(settings_, engine)));
  std::exception_ptr problem;
  try {
    auto greeting = worker->hello(settings_.start_limit);
    co_await std::move(greeting);
  } catch (...) {
    problem = std::current_exception();
  }
  if (problem) {
    put_away(std::move(worker));
    std::rethrow_exception(problem);
  }
  co_return worker;
}

Task<std::unique_ptr<Worker>> WorkerSupply::take(Engine engine) {
  auto& waiting = shelves_[engine].waiting;
  std::unique_ptr<Worker> worker;
  while (!worker && !waiting.empty()) {
    worker = std::move(waiting.back());
    waiting.pop_back();
    if (!worker->alive()) put_away(std::move(worker));
  }
  refill(engine);
  if (worker) co_return worker;
  auto starting = start(engine);
  co_return co_await std::move(starting);
}

void WorkerSupply::keep_warm(Engine engine) {
  shelves_[engine].kept_warm = true;
  refill(engine);
}

void WorkerSupply::refill(Engine engine) {
  auto& shelf = shelves_[engine];
  if (closing_ || !shelf.kept_warm) return;
  while (shelf.waiting.size() + shelf.starting < settings_.prewarmed) {
    ++shelf.starting;
    tasks_.spawn(start_for_shelf(engine));
  }
}

Task<void> WorkerSupply::start_for_shelf(Engine engine) {
  std::unique_ptr<Worker> worker;
  try {
    auto starting = start(engine);
    worker = co_await std::move(starting);
  } catch (const Failure& failure) {
    log(LogLevel::error, "a waiting worker could not be started", {{"error", failure.error().message}});
  }
  auto& shelf = shelves_[engine];
  --shelf.starting;
  if (!worker) co_return;
  if (closing_) {
    put_away(std::move(worker));
  } else {
    shelf.waiting.push_back(std::move(worker));
  }
}

void WorkerSupply::put_away(std::unique_ptr<Worker> worker) {
  if (worker) tasks_.spawn(bury(std::move(worker)));
}

Task<void> WorkerSupply::bury(std::unique_ptr<Worker> worker) {
  auto closing = worker->close();
  co_await std::move(closing);
}

std::size_t WorkerSupply::waiting(Engine engine) const {
  const auto found = shelves_.find(engine);
  return found == shelves_.end() ? 0 : found->second.waiting.size();
}

Task<void> WorkerSupply::close() {
  closing_ = true;
  for (auto& [engine, shelf] : shelves_) {
    for (auto& worker : shelf.waiting) put_away(std::move(worker));
    shelf.waiting.clear();
  }
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::runtime
