// For tests of this room: everything that events need, real but for the functions, which are lambdas, and the
// clock, which is moved by hand.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include "base/one_shot.hpp"
#include "events/events.hpp"
#include "identity/directory.hpp"
#include "store/testing.hpp"

namespace poly::events {

// One run that events asked for.
struct FunctionRun {
  std::string function;
  JsonArray arguments;
  bool handles_error = false;
};

// Runs what a test says instead of a worker process.
class FakeFunctions final {
 public:
  using Behaviour = std::function<execution::Outcome(const FunctionRun&)>;

  void behave(Behaviour behaviour) {
    const std::scoped_lock lock(mutex_);
    behaviour_ = std::move(behaviour);
  }

  // From now on no run ends before release().
  void hold() {
    const std::scoped_lock lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::scoped_lock lock(mutex_);
    held_ = false;
    for (auto& resume : waiting_) resume();
    waiting_.clear();
  }

  Task<execution::Outcome> run(catalog::ResourcePointer function, Json arguments, execution::Caller caller) {
    FunctionRun run{function->path(), arguments.as_array(), caller.handles_error};
    Behaviour behaviour;
    {
      const std::scoped_lock lock(mutex_);
      runs_.push_back(run);
      behaviour = behaviour_;
    }
    changed_.notify_all();
    auto waiting = until_released();
    co_await std::move(waiting);
    try {
      co_return behaviour ? behaviour(run) : execution::Outcome();
    } catch (const Failure& failure) {
      throw execution::RunFailure(failure.error(), std::nullopt, ExecutionId(), std::chrono::microseconds(1));
    }
  }

  std::vector<FunctionRun> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return runs_.size() >= count; });
    return runs_;
  }

  std::vector<FunctionRun> runs() {
    const std::scoped_lock lock(mutex_);
    return runs_;
  }

 private:
  Task<void> until_released() {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto initiate = [this, executor](auto handler) {
      const std::scoped_lock lock(mutex_);
      auto resume = [executor, handler = std::move(handler)]() mutable {
        boost::asio::post(executor, std::move(handler));
      };
      if (!held_) return resume();
      waiting_.push_back(std::move(resume));
    };
    auto waiting = boost::asio::async_initiate<const UseTask, void()>(std::move(initiate), use_task);
    co_await std::move(waiting);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Behaviour behaviour_;
  std::vector<FunctionRun> runs_;
  bool held_ = false;
  std::vector<std::move_only_function<void()>> waiting_;
};

class World final {
 public:
  explicit World(const std::filesystem::path& folder, EventSettings settings = EventSettings())
      : store(value_or_throw(store::Store::open(folder, pool))),
        directory(*store, loops, clock, ids),
        catalog(*store, loops, clock, ids),
        wheel(control.executor(), clock),
        events(std::make_unique<Events>(parts(), settings)) {
    constexpr std::string_view key = "00000000-0000-4000-8000-0000000000aa";
    auto loading = directory.load(Secret(std::string(key)));
    on_control(std::move(loading));
    on_control(catalog.load());
    admin = directory.find(key);
  }

  ~World() {
    functions.release();
    on_control(events->close());
    on_control(events->join());
    loops.stop_and_join();
    control.stop_and_join();
    store->close();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  template <class T>
  T on_control(Task<T> task) {
    return boost::asio::co_spawn(control.executor(), std::move(task), boost::asio::use_future).get();
  }
  template <class T>
  T on_data_loop(Task<T> task) {
    return boost::asio::co_spawn(loops.at(0).executor(), std::move(task), boost::asio::use_future).get();
  }

  void start() { on_control(events->start()); }

  // Moves time, and lets the timers that it passes run.
  void pass(std::chrono::milliseconds by) { on_control(move_time(by)); }

  catalog::ResourcePointer add(catalog::Definition definition) {
    catalog::Draft draft;
    draft.definition = std::move(definition);
    return on_control(catalog.create(admin, std::move(draft)));
  }
  catalog::ResourcePointer add_function(std::string name, int arguments = 3) {
    spec::ServerFunction function;
    function.head.name = std::move(name);
    function.head.context = "shop.orders";
    for (int i = 0; i < arguments; ++i) {
      spec::PropertySpecification argument;
      argument.name = "a" + std::to_string(i);
      argument.type = spec::PropertyType::any();
      function.current.code.interface.arguments.push_back(std::move(argument));
    }
    return add(std::move(function));
  }
  catalog::ResourcePointer add_webhook(spec::Webhook webhook = {}) {
    webhook.head.name = "hook" + std::to_string(++webhooks_);
    webhook.head.context = "shop";
    return add(std::move(webhook));
  }
  catalog::ResourcePointer add_trigger(std::string name, const catalog::Resource& webhook,
                                       const catalog::Resource& function, bool waits = false) {
    spec::Trigger trigger;
    trigger.name = std::move(name);
    trigger.source.webhook = webhook.id;
    trigger.destination.server_function = function.id;
    trigger.wait_for_response = waits;
    return add(std::move(trigger));
  }

  WebhookAnswer send(WebhookEvent event) { return on_data_loop(events->receive(std::move(event))); }
  WebhookAnswer send(catalog::ResourcePointer webhook, std::string body) {
    WebhookEvent event;
    event.webhook = std::move(webhook);
    event.raw_body = std::move(body);
    event.content_type = "application/json";
    return send(std::move(event));
  }
  template <class... Arguments>
  Error refusal_of(Arguments... arguments) {
    try {
      send(std::move(arguments)...);
    } catch (const Failure& failure) {
      return failure.error();
    }
    CHECK(!"the event was refused");
    return {};
  }

  std::vector<StoredEvent> stored(EventFilter filter = {}) {
    return on_control(events->list(admin->environment.id, filter));
  }
  // Reads until as many events are in that state.
  std::vector<StoredEvent> await_stored(EventState state, std::size_t count) {
    while (true) {
      auto found = stored({.state = state, .trigger = {}, .limit = events_listed_max});
      if (found.size() == count) return found;
    }
  }
  void await_none_stored() {
    while (!stored().empty()) {
    }
  }

  Parts parts() {
    const RunFunction run = [this](catalog::ResourcePointer function, Json arguments,
                                   execution::Caller caller) {
      return functions.run(std::move(function), std::move(arguments), std::move(caller));
    };
    return {loops, control.executor(), *store, catalog, run, run, metrics, clock, ids, wheel};
  }

  FakeFunctions functions;
  ManualClock clock{Timestamp(std::chrono::seconds(1'700'000'000))};
  RandomIdSource ids;
  journal::Metrics metrics;
  // The pool's threads hand back to the loops, so they end first.
  LoopGroup loops{2};
  Loop control{"control", no_loop};
  BlockingPool pool{2};
  std::unique_ptr<store::Store> store;
  identity::Directory directory;
  catalog::Catalog catalog;
  TimerWheel wheel;
  std::unique_ptr<Events> events;
  identity::IdentityPointer admin;

 private:
  Task<void> move_time(std::chrono::milliseconds by) {
    clock.advance(by);
    wheel.advance();
    co_return;
  }

  int webhooks_ = 0;
};

inline execution::Outcome json_outcome(std::string body) {
  execution::Outcome outcome;
  outcome.body = std::move(body);
  outcome.content_type = "application/json; charset=utf-8";
  return outcome;
}

}  // namespace poly::events
