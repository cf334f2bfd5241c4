// For tests: a scheduler over a real store and catalog whose clock is moved by hand and whose functions are
// scripted by their names.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schedule/scheduler.hpp"
#include "store/testing.hpp"

namespace poly::schedule {

// What a function that a job called saw.
struct Called {
  std::string path;
  Json arguments;
  execution::Caller caller;
  ExecutionId execution;
};

// A name says how the function behaves: `waits…` ends when it is released, `fails…` throws, `status404`
// answers with that status, all others answer with none.
class ScriptedFunctions final {
 public:
  ScriptedFunctions(Executor executor, IdSource& ids) : executor_(executor), ids_(ids) {}

  Task<execution::Outcome> run(catalog::ResourcePointer function, Json arguments, execution::Caller caller) {
    const auto name = function->head().name;
    execution::Outcome outcome;
    outcome.id = ids_.make<ExecutionId>();
    calls.push_back({function->path(), std::move(arguments), std::move(caller), outcome.id});
    if (name.starts_with("waits")) {
      const auto gate = std::make_shared<OneShot<bool>>(executor_);
      gates_.push_back(gate);
      auto waiting = gate->wait();
      co_await std::move(waiting);
    }
    if (name.starts_with("fails")) {
      Error error{ErrorKind::function_failed, "it threw: no such contact", {}, {}};
      throw execution::RunFailure(std::move(error), std::nullopt, outcome.id, {});
    }
    if (name.starts_with("status")) outcome.status = std::stoi(name.substr(6));
    if (function->kind() == spec::Kind::api_function)
      outcome.body = R"({"status":503,"data":null,"headers":{}})";
    co_return outcome;
  }

  std::size_t waiting() const { return gates_.size(); }
  void release() {
    for (const auto& gate : std::exchange(gates_, {})) gate->deliver(true);
  }

  std::vector<Called> calls;

 private:
  Executor executor_;
  IdSource& ids_;
  std::vector<std::shared_ptr<OneShot<bool>>> gates_;
};

class World final {
 public:
  static constexpr std::string_view start_time = "2024-05-01T12:00:00Z";

  World() {
    std::vector<store::Statement> batch;
    batch.push_back(
        store::statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'default', 0)", tenant));
    batch.push_back(
        store::statement("INSERT INTO environments (id, tenant_id, name, subdomain, created_at) "
                         "VALUES ($1, $2, 'default', 'default', 0)",
                         environment, tenant));
    finish(data.store->write(std::move(batch)));
    start();
  }
  ~World() { stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Another process on the same store.
  void start() {
    running_.emplace(*this);
    finish(running_->catalog.load());
    finish(scheduler().start());
  }
  void stop() {
    if (!running_) return;
    functions.release();
    finish(scheduler().close());
    finish(scheduler().join());
    running_.reset();
  }

  Scheduler& scheduler() { return running_->scheduler; }
  catalog::Catalog& catalog() { return running_->catalog; }

  // Runs the task on the control loop; what it throws is thrown here.
  template <class T>
  T finish(Task<T> task) {
    std::exception_ptr problem;
    bool ended = false;
    std::conditional_t<std::is_void_v<T>, int, std::optional<T>> value{};
    if constexpr (std::is_void_v<T>) {
      boost::asio::co_spawn(control, std::move(task), [&](std::exception_ptr thrown) {
        problem = thrown;
        ended = true;
      });
    } else {
      boost::asio::co_spawn(control, std::move(task), [&](std::exception_ptr thrown, T given) {
        problem = thrown;
        ended = true;
        if (!problem) value.emplace(std::move(given));
      });
    }
    run_until([&] { return ended; });
    if (problem) std::rethrow_exception(problem);
    if constexpr (!std::is_void_v<T>) return std::move(*value);
  }
  template <class T>
  Error error_from(Task<T> task) {
    try {
      finish(std::move(task));
    } catch (const Failure& failure) {
      return failure.error();
    }
    CHECK(!"the task failed");
    return {};
  }
  void run_until(const std::function<bool()>& reached) {
    while (!reached()) control.run_one();
  }

  // Moves the clock, lets the alarm ring and waits until no run is under way.
  void pass(std::chrono::milliseconds by) {
    ring_after(by);
    settle();
  }
  void ring_after(std::chrono::milliseconds by) {
    clock.advance(by);
    running_->timers.advance();
  }
  void settle() {
    run_until([&] { return under_way().value() == 0; });
    finish(data.store->flush());
  }
  // Lets what was begun go on until so many functions wait.
  void until_waiting(std::size_t count) {
    run_until([&] { return functions.waiting() == count; });
  }
  journal::Gauge& under_way() {
    return metrics.gauge("openpoly_job_runs_under_way", "Runs of jobs that have not ended");
  }

  catalog::ResourcePointer add(catalog::Definition definition) {
    return finish(catalog().create(owner(), {.definition = std::move(definition)}));
  }
  ResourceId server_function(std::string name, std::size_t arguments = 3) {
    spec::ServerFunction function{.head = {.name = std::move(name), .context = "crm"}};
    for (std::size_t i = 0; i < arguments; ++i)
      function.current.code.interface.arguments.push_back({.name = "argument" + std::to_string(i)});
    return add(std::move(function))->id;
  }
  catalog::ResourcePointer add_job(spec::JobSchedule schedule, std::vector<ResourceId> functions_called) {
    spec::Job job{.name = "job " + std::to_string(++jobs_), .schedule = std::move(schedule)};
    for (const auto id : functions_called) job.functions.push_back({.id = id});
    return add(std::move(job));
  }
  catalog::ResourcePointer change(const catalog::ResourcePointer& job,
                                  const std::function<void(spec::Job&)>& edit) {
    auto changed = job->as<spec::Job>();
    edit(changed);
    return finish(catalog().replace(job, {.definition = std::move(changed)}));
  }
  std::vector<JobRun> runs(ResourceId job, RunFilter filter = {}) {
    return finish(scheduler().runs(job, filter));
  }

  identity::IdentityPointer owner() const { return execution::system_identity(tenant, environment); }

  ManualClock clock{value_or_throw(parse_iso(start_time))};
  CountingIdSource ids;
  TenantId tenant = ids.make<TenantId>();
  EnvironmentId environment = ids.make<EnvironmentId>();
  boost::asio::io_context control{1};  // outlives the store, whose threads resume it
  store::TestStore data;
  LoopGroup loops{1};
  journal::Metrics metrics;
  ScriptedFunctions functions{control.get_executor(), ids};
  SchedulerLimits limits;

 private:
  struct Process {
    explicit Process(World& world)
        : catalog(*world.data.store, world.loops, world.clock, world.ids),
          timers(world.control.get_executor(), world.clock),
          scheduler(parts_of(world), world.limits) {}

    Parts parts_of(World& world) {
      return {.control = world.control.get_executor(),
              .store = *world.data.store,
              .catalog = catalog,
              .run_function =
                  [&world](catalog::ResourcePointer function, Json arguments, execution::Caller caller) {
                    return world.functions.run(std::move(function), std::move(arguments), std::move(caller));
                  },
              .status_of = [](ErrorKind kind) { return kind == ErrorKind::not_found ? 404 : 500; },
              .clock = world.clock,
              .ids = world.ids,
              .timers = timers,
              .metrics = world.metrics};
    }

    catalog::Catalog catalog;
    TimerWheel timers;
    Scheduler scheduler;
  };

  boost::asio::executor_work_guard<Executor> work_{control.get_executor()};
  std::optional<Process> running_;
  int jobs_ = 0;
};

}  // namespace poly::schedule
