#include "execution/execution.hpp"

#include <algorithm>
#include <cstring>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "catalog/variables.hpp"
#include "execution/observer.hpp"

namespace poly::execution {
namespace {

using catalog::ResourcePointer;
using std::chrono::microseconds;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view text_type = "text/plain; charset=utf-8";

spec::FunctionSpecification specification_of(const catalog::Resource& function) {
  if (const auto* api = function.if_is<spec::ApiFunction>()) return spec::specification_of(*api);
  return spec::specification_of(function.as<spec::ServerFunction>().serving().code.interface);
}

// An id decides by its random end, so that a run can be told its revision from its id alone.
int hundredth_of(ExecutionId id) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, id.uuid.bytes.data() + sizeof bits, sizeof bits);
  return static_cast<int>(bits % 100);
}

const spec::Revision* revision_for(const catalog::Resource& function, const Caller& caller, ExecutionId id) {
  const auto* server_function = function.if_is<spec::ServerFunction>();
  if (!server_function) return nullptr;
  if (!caller.revision) return &server_function->revision_for(hundredth_of(id));
  const auto* wanted = server_function->find_revision(*caller.revision);
  if (!wanted) {
    throw Failure(ErrorKind::bad_request,
                  "'" + function.path() + "' has no revision " + std::to_string(*caller.revision) +
                      " that takes calls: only the newest one and those with traffic do");
  }
  return wanted;
}

void require_runnable(const catalog::Resource& function, const Caller& caller) {
  if (function.kind() != spec::Kind::api_function && function.kind() != spec::Kind::server_function) {
    throw Failure(ErrorKind::bad_request, "'" + function.path() + "' is a " +
                                              std::string(spec::human_name(function.kind())) +
                                              ", which the server does not run");
  }
  if (function.head().state == spec::State::disabled) {
    throw Failure(ErrorKind::forbidden, "'" + function.path() + "' is disabled");
  }
  if (caller.depth >= depth_max) {
    throw Failure(ErrorKind::too_many_requests,
                  "functions may call each other 20 deep; '" + function.path() +
                      "' was called deeper: does a function call itself for ever?");
  }
}

// An escape may spell what is looked for.
bool may_refer_to_variables(const CallArguments& arguments) {
  const auto& text = arguments.text();
  return text.empty() || catalog::mentions_variable(text) || text.find("\\u") != std::string::npos;
}

std::optional<double> milliseconds(std::optional<microseconds> time) {
  if (!time) return std::nullopt;
  return static_cast<double>(time->count()) / 1'000;
}

journal::ExecutionStatus status_of(const Error& error) {
  if (error.code == reader_gone) return journal::ExecutionStatus::cancelled;
  return error.kind == ErrorKind::timeout ? journal::ExecutionStatus::timeout
                                          : journal::ExecutionStatus::error;
}

}  // namespace

JsonArray event_arguments(const catalog::Resource& function, Json event, Json headers, Json params) {
  JsonArray all{std::move(event), std::move(headers), std::move(params)};
  const auto takes = specification_of(function).arguments.size();
  if (takes < all.size()) all.resize(takes);
  return all;
}

identity::IdentityPointer system_identity(TenantId tenant, EnvironmentId environment) {
  auto identity = std::make_shared<identity::Identity>();
  identity->tenant.id = tenant;
  identity->environment.id = environment;
  identity->environment.tenant = tenant;
  identity->key.name = "system";
  identity->key.environment = environment;
  identity->key.permissions = {identity::Permission::execute};
  return identity;
}

// One run on its way.
struct Execution::Run {
  ResourcePointer function;
  const spec::Revision* revision = nullptr;  // of a server function, inside `function`
  catalog::SnapshotPointer snapshot;
  Caller caller;
  ExecutionId id;
  Timestamp started_at;
  Instant began;
  bool cold = false;
  std::optional<microseconds> queued;
  std::optional<microseconds> ran;
  std::optional<microseconds> upstream;
  bool recorded_later = false;  // it goes on, in the background or while its result is read

  microseconds duration(const Clock& clock) const {
    return std::chrono::duration_cast<microseconds>(clock.instant() - began);
  }
};

struct Execution::PerLoop {
  explicit PerLoop(Executor executor) : background(executor, "background executions") {}

  struct KnownRevision {
    std::shared_ptr<const ArgumentCheck> check;
    RevisionOutcomes outcomes;  // its number is 0 for functions without revisions
  };
  struct KnownFunction {
    std::uint64_t version = 0;
    std::vector<KnownRevision> revisions;
  };

  KnownRevision& known(const Run& run);

  std::unordered_map<ResourceId, KnownFunction> functions;
  TaskGroup background;
};

// What is known of older versions of the function goes when a newer one comes, but for the outcomes of the
// revisions that go on.
Execution::PerLoop::KnownRevision& Execution::PerLoop::known(const Run& run) {
  auto& function = functions[run.function->id];
  if (function.version < run.function->version) {
    function.version = run.function->version;
    const auto* now = run.function->if_is<spec::ServerFunction>();
    std::erase_if(function.revisions, [&](const KnownRevision& revision) {
      return now && !now->find_revision(revision.outcomes.revision);
    });
    for (auto& revision : function.revisions) revision.check = nullptr;
  }
  const auto number = run.revision ? run.revision->number : 0;
  const auto of_number = [](const KnownRevision& revision) { return revision.outcomes.revision; };
  const auto found = std::ranges::find(function.revisions, number, of_number);
  if (found != function.revisions.end()) return *found;
  return function.revisions.emplace_back(KnownRevision{nullptr, {.revision = number}});
}

Execution::Execution(Parts parts)
    : parts_(parts),
      upstream_time_(parts.metrics.histogram("openpoly_upstream_milliseconds",
                                             "Upstreams, from the start of the call to the last byte")) {
  for (std::size_t i = 0; i < parts.loops.size(); ++i) {
    per_loop_.push_back(std::make_unique<PerLoop>(parts.loops.at(i).executor()));
  }
}

Execution::~Execution() = default;

ResourcePointer Execution::find_function(const catalog::Viewpoint& from, std::string_view path) const {
  auto found = parts_.catalog.here()->find(from, catalog::NameSpace::poly, path);
  if (!found) throw Failure(ErrorKind::not_found, "there is no function '" + std::string(path) + "'");
  return found;
}

Task<Outcome> Execution::run_anywhere(ResourcePointer function, CallArguments arguments, Caller caller) {
  auto running = run(std::move(function), std::move(arguments), std::move(caller));
  auto elsewhere = run_on(parts_.loops.at(next_loop_++ % parts_.loops.size()).executor(), std::move(running));
  co_return co_await std::move(elsewhere);
}

Task<Outcome> Execution::run(ResourcePointer function, CallArguments arguments, Caller caller) {
  auto running = run_streaming(std::move(function), std::move(arguments), std::move(caller));
  auto outcome = co_await std::move(running);
  if (!outcome.stream) co_return outcome;
  const auto stream = std::exchange(outcome.stream, nullptr);
  outcome.streamed = true;
  const auto before = parts_.clock.instant();
  auto reading = poly::attempt(stream->read_all(whole_result_bytes_max));
  auto body = co_await std::move(reading);
  outcome.duration += std::chrono::duration_cast<microseconds>(parts_.clock.instant() - before);
  if (!body) throw RunFailure(std::move(body).error(), std::nullopt, outcome.id, outcome.duration);
  outcome.body = std::move(*body);
  co_return outcome;
}

Task<Outcome> Execution::run_streaming(ResourcePointer function, CallArguments arguments, Caller caller) {
  auto run = std::make_shared<Run>();
  run->function = std::move(function);
  run->snapshot = parts_.catalog.here();
  run->caller = std::move(caller);
  run->id = parts_.ids.make<ExecutionId>();
  run->started_at = parts_.clock.now();
  run->began = parts_.clock.instant();
  std::optional<Error> problem;
  Outcome outcome;
  try {
    auto attempting = attempt(run, std::move(arguments));
    outcome = co_await std::move(attempting);
  } catch (const runtime::FunctionFailure& failure) {
    problem = failure.error();
    outcome.status = failure.status();
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  const auto duration = run->duration(parts_.clock);
  if (problem) {
    record(*run, outcome.status, &*problem);
    throw RunFailure(std::move(*problem), outcome.status, run->id, duration);
  }
  outcome.id = run->id;
  outcome.duration = duration;
  if (!run->recorded_later) record(*run, outcome.status, nullptr);
  co_return outcome;
}

Task<Outcome> Execution::attempt(std::shared_ptr<Run> run, CallArguments arguments) {
  require_runnable(*run->function, run->caller);
  if (run->caller.wants_request) parts_.api_callers[current_loop()]->require_direct_requests();
  run->revision = revision_for(*run->function, run->caller, run->id);
  prepare(*run, arguments);
  if (run->function->kind() == spec::Kind::api_function) {
    auto calling = run_api(run, std::move(arguments));
    co_return co_await std::move(calling);
  }
  if (run->function->as<spec::ServerFunction>().server_side_async) {
    auto& background = per_loop_[current_loop()]->background;
    if (background.size() >= async_calls_max) {
      throw Failure(ErrorKind::too_many_requests,
                    "1,000 executions run in the background already; try again later");
    }
    run->recorded_later = true;
    background.spawn(run_in_background(run, std::move(arguments)));
    Outcome outcome;
    outcome.content_type = json_type;
    outcome.body = R"({"executionId":")" + run->id.text() + "\"}";
    co_return outcome;
  }
  auto calling = run_server(run, std::move(arguments));
  co_return co_await std::move(calling);
}

// Afterwards the arguments are an object by name that fits the function, without references to variables.
void Execution::prepare(const Run& run, CallArguments& arguments) {
  const auto check = check_for(run);
  if (arguments.value().is_array()) {
    arguments = CallArguments(check->by_name(std::move(arguments.change().get_array())));
  } else if (arguments.value().is_null()) {
    arguments = CallArguments(JsonObject());
  } else if (!arguments.value().is_object()) {
    throw Failure(ErrorKind::bad_request,
                  "the arguments must be a JSON object by name or an array by position");
  }
  const auto from = run.caller.viewpoint();
  if (const auto* api = run.function->if_is<spec::ApiFunction>()) {
    for (const auto& argument : api->arguments) {
      if (!argument.variable || arguments.value().get_object().contains(argument.name)) continue;
      const auto variable = catalog::find_variable(*run.snapshot, from, *argument.variable);
      arguments.change().get_object()[argument.name] = catalog::open_variable(parts_.vault, *variable);
    }
  }
  if (may_refer_to_variables(arguments)) {
    for (auto& [name, value] : arguments.change().get_object())
      catalog::inject_variables(value, *run.snapshot, from, parts_.vault);
  }
  check->require_fit(arguments.value().get_object());
}

std::shared_ptr<const ArgumentCheck> Execution::check_for(const Run& run) {
  auto& known = per_loop_[current_loop()]->known(run);
  if (!known.check || known.check->stale(*run.snapshot)) {
    const catalog::Viewpoint owner{run.function->tenant, run.function->environment};
    const auto specification =
        run.revision ? spec::specification_of(run.revision->code.interface) : specification_of(*run.function);
    known.check = std::make_shared<const ArgumentCheck>(specification, *run.snapshot, owner);
  }
  return known.check;
}

Task<Outcome> Execution::run_api(std::shared_ptr<Run> run, CallArguments arguments) {
  const auto kept = std::make_shared<const CallArguments>(std::move(arguments));
  std::shared_ptr<const JsonObject> named(kept, &kept->value().get_object());
  auto& caller = *parts_.api_callers[current_loop()];
  Outcome outcome;
  outcome.content_type = json_type;
  if (run->caller.wants_request) {
    auto making = caller.direct_request(run->function, std::move(named));
    outcome.body = co_await std::move(making);
    co_return outcome;
  }
  auto calling = caller.call(run->function, std::move(named), run->caller.pages);
  auto answer = co_await std::move(calling);
  run->upstream = answer.timings.total;
  upstream_time_.observe(answer.timings.total);
  outcome.timings = answer.timings;
  outcome.body = std::move(answer.envelope);
  co_return outcome;
}

Task<Outcome> Execution::run_server(std::shared_ptr<Run> run, CallArguments arguments) {
  const auto& function = run->function->as<spec::ServerFunction>();
  runtime::Call call;
  call.execution = run->id;
  call.parent = run->caller.parent;
  call.logs = function.logs_enabled;
  call.arguments = arguments.take_text();
  call.time_limit = parts_.runtime.time_limit_default;
  call.revision = run->revision->number;
  const auto& settings = run->revision->settings;
  if (settings.time_limit_seconds) call.time_limit = std::chrono::seconds(*settings.time_limit_seconds);
  call.time_limit = std::min(call.time_limit, parts_.runtime.time_limit_max);
  Caller inside{identity_inside(*run), run->id, run->caller.depth + 1, run->caller.handles_error};
  call.observer = std::make_shared<Observer>(*this, parts_, run->function, run->revision->number, run->id,
                                             std::move(inside));
  auto calling = parts_.functions.call(run->function, run->snapshot, std::move(call));
  auto result = co_await std::move(calling);
  run->cold = result.cold;
  run->queued = result.waited;
  run->ran = result.ran;
  Outcome outcome;
  outcome.status = result.status;
  outcome.text = result.text;
  outcome.nothing = result.nothing;
  outcome.body = std::move(result.body);
  outcome.headers = std::move(result.headers);
  outcome.stream = stream_of(run, result);
  if (!outcome.nothing)
    outcome.content_type = result.content_type.value_or(std::string(result.text ? text_type : json_type));
  co_return outcome;
}

std::shared_ptr<StreamedResult> Execution::stream_of(const std::shared_ptr<Run>& run,
                                                     const runtime::CallResult& result) {
  if (!result.stream) return nullptr;
  run->recorded_later = true;
  auto on_end = [this, run, status = result.status](const Error* problem) { record(*run, status, problem); };
  return std::make_shared<StreamedResult>(result.stream, std::move(on_end));
}

Task<void> Execution::run_in_background(std::shared_ptr<Run> run, CallArguments arguments) {
  std::optional<Error> problem;
  Outcome outcome;
  try {
    auto running = run_server(run, std::move(arguments));
    outcome = co_await std::move(running);
    if (outcome.stream) {
      auto reading = outcome.stream->read_to_end();
      co_await std::move(reading);
    }
  } catch (const runtime::FunctionFailure& failure) {
    problem = failure.error();
    outcome.status = failure.status();
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  if (!outcome.stream) record(*run, outcome.status, problem ? &*problem : nullptr);
}

// A function's own calls are made with its execution key when it has one that is still valid, else for its
// caller.
identity::IdentityPointer Execution::identity_inside(const Run& run) const {
  const auto& key = run.function->as<spec::ServerFunction>().execution_api_key_id;
  if (!key) return run.caller.identity;
  const auto id = ApiKeyId::parse(*key);
  auto identity = id ? parts_.directory.find(*id) : nullptr;
  if (!identity)
    throw Failure(ErrorKind::forbidden,
                  "the execution key of '" + run.function->path() + "' was deleted or has expired");
  return identity;
}

void Execution::record(const Run& run, std::optional<int> http_status, const Error* error) {
  const auto duration = run.duration(parts_.clock);
  journal::ExecutionRecord record;
  record.id = run.id;
  record.environment = run.caller.identity->environment.id;
  record.kind = run.function->kind();
  record.resource = run.function->id;
  record.path = run.function->path();
  record.parent = run.caller.parent;
  if (!run.caller.identity->key.id.is_nil()) record.caller = run.caller.identity->key.id;
  record.started_at = run.started_at;
  record.duration_ms = *milliseconds(duration);
  record.queue_ms = milliseconds(run.queued);
  record.run_ms = milliseconds(run.ran);
  record.upstream_ms = milliseconds(run.upstream);
  record.cold = run.cold;
  if (run.revision) record.revision = run.revision->number;
  record.http_status = http_status;

  if (error) {
    record.status = status_of(*error);
    record.error = error->message;
  }
  const bool failed = error && record.status != journal::ExecutionStatus::cancelled;
  if (failed && failure_listener_ && !run.caller.handles_error) failure_listener_(record, run.caller);
  parts_.journal.record(std::move(record));
  if (run.revision) count(run, error);
}

void Execution::count(const Run& run, const Error* error) {
  const bool failed =
      error && (error->kind == ErrorKind::function_failed || error->kind == ErrorKind::timeout);
  if (error && !failed) return;
  auto& outcomes = per_loop_[current_loop()]->known(run).outcomes;
  ++outcomes.calls;
  if (failed) ++outcomes.errors;
}

Task<std::vector<RevisionOutcomes>> Execution::outcomes_here(ResourceId function) {
  std::vector<RevisionOutcomes> outcomes;
  const auto& functions = per_loop_[current_loop()]->functions;
  const auto found = functions.find(function);
  if (found == functions.end()) co_return outcomes;
  for (const auto& known : found->second.revisions) outcomes.push_back(known.outcomes);
  co_return outcomes;
}

Task<std::vector<RevisionOutcomes>> Execution::outcomes_of(ResourceId function) {
  std::vector<RevisionOutcomes> all;
  for (std::size_t i = 0; i < per_loop_.size(); ++i) {
    auto reading = outcomes_here(function);
    auto elsewhere = run_on(parts_.loops.at(i).executor(), std::move(reading));
    const auto here = co_await std::move(elsewhere);
    for (const auto& more : here) {
      auto found = std::ranges::find(all, more.revision, &RevisionOutcomes::revision);
      if (found == all.end()) found = all.insert(found, {.revision = more.revision});
      found->calls += more.calls;
      found->errors += more.errors;
    }
  }
  co_return all;
}

Task<void> Execution::join_background(PerLoop& here) {
  auto joining = here.background.join();
  co_await std::move(joining);
}

Task<void> Execution::close() {
  for (std::size_t i = 0; i < per_loop_.size(); ++i) {
    auto joining = join_background(*per_loop_[i]);
    auto elsewhere = run_on(parts_.loops.at(i).executor(), std::move(joining));
    co_await std::move(elsewhere);
  }
}

}  // namespace poly::execution
