#include "server/application.hpp"

#include <atomic>
#include <future>
#include <set>

#include <boost/asio/use_future.hpp>

#include "base/time_ordered_id.hpp"
#include "catalog/variables.hpp"
#include "execution/canary_watch.hpp"
#include "gateway/gateway.hpp"
#include "http/server.hpp"
#include "journal/store_metrics.hpp"
#include "runtime/open_program.hpp"
#include "server/package_metrics.hpp"
#include "server/routes.hpp"
#include "server/sandbox.hpp"

namespace poly::server {
namespace {

constexpr std::size_t blocking_threads = 4;
constexpr std::chrono::hours sweep_every{1};

// Runs `task` on a loop and waits for it, from the thread of main().
template <class T>
T wait_for(Executor executor, Task<T> task) {
  return boost::asio::co_spawn(executor, std::move(task), boost::asio::use_future).get();
}

template <class Work>
void wait_for_call(Executor executor, Work work) {
  boost::asio::post(executor, boost::asio::use_future(std::move(work))).get();
}

std::size_t loops_wanted(const Settings& settings) {
  if (settings.loops > 0) return settings.loops;
  return std::max(1U, std::thread::hardware_concurrency());
}

std::string url_host(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

template <class T>
using OnePerLoop = std::vector<std::unique_ptr<T>>;

}  // namespace

// In floor order: what is declared first is there first and goes last.
struct Application::Rooms {
  explicit Rooms(Settings given);

  void connect();
  void follow(const catalog::Change& change);
  Task<void> sweep_journal();
  Task<catalog::FilesInUse> files_in_use();
  void listen();
  void close();

  std::string address() const {
    return "http://" + url_host(settings.address) + ":" + std::to_string(port.load());
  }
  std::string base_url() const { return settings.public_url.empty() ? address() : settings.public_url; }

  Settings settings;
  SystemClock clock;
  RandomIdSource random_ids;
  TimeOrderedIdSource ordered_ids{clock};
  LoopGroup loops;
  Loop control{"control", no_loop};
  BlockingPool pool{blocking_threads};  // resumes callers on the loops, so it goes before them
  OnePerLoop<TimerWheel> wheels;
  TimerWheel control_wheel{control.executor(), clock};
  TaskGroup chores{control.executor(), "chores"};

  std::unique_ptr<store::Store> store;
  std::unique_ptr<process::SandboxHost> sandbox;  // null when it is switched off
  journal::Metrics metrics;
  journal::Journal journal;
  packages::Packages packages;
  std::unique_ptr<vault::Vault> vault;
  identity::Directory directory;
  catalog::Catalog catalog;
  catalog::RevisionHistory revisions;
  OnePerLoop<http::Client> clients;
  outbound::Upstreams upstreams;
  OnePerLoop<outbound::ApiCaller> api_callers;
  runtime::ProgramFolder programs;
  runtime::FunctionRuntime functions;
  runtime::Toolchain toolchain;
  runtime::DescriptionReader descriptions;
  execution::Execution execution;
  execution::CanaryWatch canaries;
  events::Events events;
  schedule::Scheduler scheduler;

  std::optional<Secret> new_key;
  std::atomic<std::uint16_t> port = 0;  // known once the first loop listens
  std::unique_ptr<Routes> routes;
  std::unique_ptr<gateway::Gateway> gateway;
  OnePerLoop<http::Server> servers;
  TimerWheel::Timer sweep_timer;
};

namespace {

OnePerLoop<TimerWheel> make_wheels(LoopGroup& loops, const Clock& clock) {
  OnePerLoop<TimerWheel> wheels;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    wheels.push_back(std::make_unique<TimerWheel>(loops.at(i).executor(), clock));
  }
  return wheels;
}

OnePerLoop<http::Client> make_clients(LoopGroup& loops, const OnePerLoop<TimerWheel>& wheels,
                                      const Settings& settings) {
  OnePerLoop<http::Client> clients;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    http::ClientOptions options;
    options.addresses = http::AddressFilter(settings.allowed_networks);
    options.extra_ca_file = settings.ca_file;
    clients.push_back(std::make_unique<http::Client>(loops.at(i).executor(), *wheels[i], std::move(options)));
  }
  return clients;
}

OnePerLoop<outbound::ApiCaller> make_callers(LoopGroup& loops, const OnePerLoop<http::Client>& clients,
                                             const OnePerLoop<TimerWheel>& wheels, const Clock& clock,
                                             IdSource& ids, const outbound::ApiSettings& settings,
                                             outbound::Upstreams& upstreams) {
  OnePerLoop<outbound::ApiCaller> callers;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    callers.push_back(std::make_unique<outbound::ApiCaller>(loops.at(i).executor(), *clients[i], *wheels[i], clock,
                                                            ids, settings, upstreams));
  }
  return callers;
}

}  // namespace

Application::Rooms::Rooms(Settings given)
    : settings(std::move(given)),
      loops(loops_wanted(settings)),
      wheels(make_wheels(loops, clock)),
      store(value_or_throw(store::Store::open(settings.data, pool))),
      sandbox(open_sandbox(settings)),
      journal(*store, clock),
      packages({control.executor(), control_wheel, pool, *store, clock, random_ids, settings.packages}),
      vault(wait_for(control.executor(), vault::Vault::open(*store, {std::move(settings.vault_key),
                                                                     settings.data / "vault.key"}))),
      directory(*store, loops, clock, random_ids),
      catalog(*store, loops, clock, random_ids, settings.revisions_kept),
      revisions(*store),
      clients(make_clients(loops, wheels, settings)),
      upstreams(clock, metrics),
      api_callers(make_callers(loops, clients, wheels, clock, random_ids, settings.outbound, upstreams)),
      programs(settings.data / "programs", pool),
      functions(
          {loops, wheels, clock, settings.runtime, metrics,
           [this](const catalog::Resource& variable) { return catalog::open_variable(*vault, variable); },
           [this](runtime::Program program) {
             return runtime::open_program(programs, toolchain, control.executor(), std::move(program));
           }}),
      toolchain(control.executor(), control_wheel, settings.runtime, programs),
      descriptions(control.executor(), control_wheel, settings.runtime),
      execution({loops, control.executor(), catalog, *vault, directory, functions, api_callers, journal,
                 metrics, clock, ordered_ids, settings.runtime, gateway::http_status}),
      canaries({control.executor(), control_wheel, clock, catalog,
                [this](ResourceId function) { return execution.outcomes_of(function); }}),
      events({loops, control.executor(), *store, catalog,
              [this](auto function, auto arguments, auto caller) {
                return execution.run_streaming(std::move(function), std::move(arguments), std::move(caller));
              },
              [this](auto function, auto arguments, auto caller) {
                return execution.run_anywhere(std::move(function), std::move(arguments), std::move(caller));
              },
              metrics, clock, ordered_ids, control_wheel}),
      scheduler({control.executor(), *store, catalog,
                 [this](auto function, auto arguments, auto caller) {
                   return execution.run_anywhere(std::move(function), std::move(arguments),
                                                 std::move(caller));
                 },
                 gateway::http_status, clock, ordered_ids, control_wheel, metrics}),
      sweep_timer(control_wheel, [this] { chores.spawn(sweep_journal()); }) {}

Task<void> Application::Rooms::sweep_journal() {
  sweep_timer.arm(sweep_every);
  auto sweeping = journal.sweep();
  co_await std::move(sweeping);
  auto asking = files_in_use();
  auto in_use = co_await std::move(asking);
  auto sweeping_packages = packages.sweep(std::move(in_use.layers));
  co_await std::move(sweeping_packages);
  auto sweeping_programs = programs.sweep(std::move(in_use.programs), clock.now());
  co_await std::move(sweeping_programs);
}

// By what is deployed, and by what a function can be rolled back to.
Task<catalog::FilesInUse> Application::Rooms::files_in_use() {
  auto reading = revisions.files();
  auto files = co_await std::move(reading);
  catalog.here()->for_each([&files](const catalog::ResourcePointer& resource) {
    if (const auto* client = resource->if_is<spec::ClientFunction>()) files.add(client->code);
    const auto* server = resource->if_is<spec::ServerFunction>();
    if (!server) return;
    files.add(server->current.code);
    for (const auto& other : server->others) files.add(other.code);
  });
  co_return files;
}

void Application::Rooms::follow(const catalog::Change& change) {
  if (change.after && change.after->kind() == spec::Kind::server_function) {
    functions.expect(change.after, catalog.here());
  } else if (change.before && change.before->kind() == spec::Kind::server_function) {
    functions.forget(change.before->id);
  }
}

// What one room tells another.
void Application::Rooms::connect() {
  journal::watch_store(metrics, *store);
  watch_packages(metrics, packages);
  execution.on_failure([this](const journal::ExecutionRecord& record, const execution::Caller& caller) {
    events.run_failed(record, caller);
  });
  catalog.on_change([this](const catalog::Change& change) { follow(change); });
  const auto snapshot = catalog.here();
  snapshot->for_each([&](const catalog::ResourcePointer& resource) {
    if (resource->kind() == spec::Kind::server_function) functions.expect(resource, snapshot);
  });
}

Application::Application(Settings settings) : rooms_(std::make_unique<Rooms>(std::move(settings))) {}
Application::~Application() = default;

std::string Application::start() {
  auto& rooms = *rooms_;
  const auto control = rooms.control.executor();
  rooms.new_key = wait_for(control, rooms.directory.load(std::move(rooms.settings.bootstrap_key)));
  wait_for(control, rooms.catalog.load());
  wait_for(control, rooms.packages.load());
  wait_for(control, rooms.packages.restore(wait_for(control, rooms.files_in_use()).layers));
  rooms.connect();

  rooms.routes = std::make_unique<Routes>(
      RouteParts{rooms.catalog, rooms.revisions, *rooms.vault, rooms.directory, rooms.journal, rooms.metrics, rooms.functions,
                 rooms.execution, rooms.events, rooms.scheduler, rooms.toolchain, rooms.descriptions, rooms.packages, rooms.settings.runtime,
                 rooms.pool, control, rooms.clock, rooms.random_ids},
      OPENPOLY_VERSION, [&rooms] { return rooms.base_url(); });
  rooms.gateway =
      std::make_unique<gateway::Gateway>(rooms.routes->table(), rooms.directory, rooms.metrics, rooms.clock);
  wait_for(control, rooms.events.start());
  wait_for(control, rooms.scheduler.start());
  wait_for_call(control, [&rooms] { rooms.canaries.start(); });
  wait_for_call(control, [&rooms] { rooms.sweep_timer.arm(std::chrono::minutes(1)); });
  rooms.listen();
  return rooms.address();
}

void Application::Rooms::listen() {
  port = settings.port;
  http::ServerLimits limits;
  limits.stalled_reader_time_max = settings.stalled_reader_limit;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    const auto executor = loops.at(i).executor();
    servers.push_back(std::make_unique<http::Server>(executor, *gateway, limits, *wheels[i]));
    std::exception_ptr problem;
    wait_for_call(executor, [this, i, &problem] {
      try {
        port = servers[i]->listen(settings.address, port, http::PortSharing::shared);
      } catch (...) {
        problem = std::current_exception();
      }
    });
    if (problem) std::rethrow_exception(problem);
  }
}

// In the reverse of the order in which work flows: what lets new work in goes first.
void Application::Rooms::close() {
  const auto on_control = control.executor();
  if (routes) routes->system().stop_being_ready();
  std::vector<std::future<void>> draining;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    draining.push_back(boost::asio::co_spawn(loops.at(i).executor(), servers[i]->drain(settings.drain_limit),
                                             boost::asio::use_future));
  }
  for (auto& drained : draining) drained.get();
  wait_for(on_control, canaries.close());
  wait_for(on_control, scheduler.close());
  wait_for(on_control, events.close());
  wait_for(on_control, functions.close());
  wait_for(on_control, scheduler.join());
  wait_for(on_control, events.join());
  wait_for(on_control, execution.close());
  wait_for(on_control, packages.close());
  wait_for(on_control, toolchain.close());
  wait_for(on_control, descriptions.close());
  if (routes) wait_for(on_control, routes->progress().join());
  wait_for_call(on_control, [this] { sweep_timer.disarm(); });
  wait_for(on_control, chores.join());
  for (std::size_t i = 0; i < clients.size(); ++i) {
    wait_for(loops.at(i).executor(), api_callers[i]->close());
    wait_for_call(loops.at(i).executor(), [this, i] { clients[i]->close_idle(); });
  }
  store->close();
  loops.stop_and_join();
  control.stop_and_join();
}

std::optional<Secret> Application::take_new_key() {
  return std::exchange(rooms_->new_key, std::nullopt);
}

void Application::stop() {
  rooms_->close();
}

}  // namespace poly::server
