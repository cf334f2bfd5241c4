// Runs any function for any caller: check, open variables by reference, run, record. HTTP, triggers, jobs and
// functions that call functions all come through here.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.hpp"
#include "base/task_group.hpp"
#include "catalog/catalog.hpp"
#include "execution/argument_check.hpp"
#include "execution/call_arguments.hpp"
#include "execution/revision_outcomes.hpp"
#include "execution/streamed_result.hpp"
#include "identity/directory.hpp"
#include "journal/journal.hpp"
#include "journal/metrics.hpp"
#include "outbound/api_caller.hpp"
#include "runtime/function_runtime.hpp"
#include "vault/vault.hpp"

namespace poly::execution {

// Functions that call functions, from the first one on; a function that calls itself for ever ends here.
inline constexpr int depth_max = 20;
// Nested calls of one execution.
inline constexpr std::size_t nested_calls_max = 10'000;
inline constexpr std::size_t log_bytes_max = 1 << 20;  // of one execution
// Of a streamed result whose caller wants the whole of it: what a frame to a worker carries, less its
// envelope.
inline constexpr std::size_t whole_result_bytes_max = (64 << 20) - 4096;
inline constexpr std::size_t async_calls_max = 1'000;  // running in the background, of one loop

// On whose behalf a function runs.
struct Caller {
  identity::IdentityPointer identity;
  std::optional<ExecutionId> parent;
  int depth = 0;
  bool handles_error = false;  // it runs because another run failed: its own failure raises no further one
  std::optional<int> revision = {};  // of the server function that is called, when it is asked for
  std::optional<int> pages = {};     // of the API function that is called, when several are to be gathered
  // The API function that is called sends nothing: its request is the result (ApiCaller::direct_request).
  bool wants_request = false;

  catalog::Viewpoint viewpoint() const { return {identity->tenant.id, identity->environment.id}; }
};

// What an event brings to a function: three arguments by position, as many of them as it takes.
JsonArray event_arguments(const catalog::Resource& function, Json event, Json headers, Json params);

// Who runs what nobody called by hand (triggers, jobs) in an environment: it may execute, and nothing else.
identity::IdentityPointer system_identity(TenantId tenant, EnvironmentId environment);

// What a run gave, in the form of an HTTP answer.
struct Outcome {
  ExecutionId id;
  std::chrono::microseconds duration{0};
  std::optional<int> status;  // when the function chose one; whoever answers has a default
  std::string content_type;   // "" when there is no body
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool text = false;                          // the body is a text that the function returned, not JSON
  bool nothing = false;                       // no value
  bool streamed = false;                      // the body is what a stream gave, as bytes
  std::optional<http::Timings> timings = {};  // of the request that an API function sent
  std::shared_ptr<StreamedResult> stream = nullptr;  // when set, the body comes through it, as bytes
};

// A run that failed: the error, the status that the function chose for it, and the id under which it is
// recorded.
class RunFailure final : public runtime::FunctionFailure {
 public:
  RunFailure(Error error, std::optional<int> status, ExecutionId id, std::chrono::microseconds duration)
      : FunctionFailure(std::move(error), status), id_(id), duration_(duration) {}
  ExecutionId id() const { return id_; }
  std::chrono::microseconds duration() const { return duration_; }

 private:
  ExecutionId id_;
  std::chrono::microseconds duration_;
};

struct Parts {
  LoopGroup& loops;
  Executor control;  // the loop of the control plane
  catalog::Catalog& catalog;
  const vault::Vault& vault;
  const identity::Directory& directory;
  runtime::FunctionRuntime& functions;
  const std::vector<std::unique_ptr<outbound::ApiCaller>>& api_callers;  // one for each loop
  journal::Journal& journal;
  journal::Metrics& metrics;
  const Clock& clock;
  IdSource& ids;
  const runtime::RuntimeSettings& runtime;
  std::function<int(ErrorKind)> status_of;  // with which HTTP status such an error is answered
};

class Execution final {
 public:
  explicit Execution(Parts parts);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Runs an API or server function on the loop that calls (a loop of the data plane). Throws RunFailure once
  // the run is recorded.
  Task<Outcome> run(catalog::ResourcePointer function, CallArguments arguments, Caller caller);

  // The same for a caller who takes a result as it comes: `stream` of the outcome may be set, and the run is
  // recorded when it has ended.
  Task<Outcome> run_streaming(catalog::ResourcePointer function, CallArguments arguments, Caller caller);

  // run() from a loop that is none of the data plane.
  Task<Outcome> run_anywhere(catalog::ResourcePointer function, CallArguments arguments, Caller caller);

  // The function of that path, and its kind, as `caller` sees it. Throws not_found.
  catalog::ResourcePointer find_function(const catalog::Viewpoint& from, std::string_view path) const;

  // `listener` is told of every failed run, on the loop that ran it.
  void on_failure(std::function<void(const journal::ExecutionRecord&, const Caller&)> listener) {
    failure_listener_ = std::move(listener);
  }

  // How the calls of each revision of a server function ended since it takes calls, on all loops together.
  Task<std::vector<RevisionOutcomes>> outcomes_of(ResourceId function);

  // Waits for what runs in the background.
  Task<void> close();

 private:
  friend class Observer;
  struct PerLoop;
  struct Run;

  Task<Outcome> run_api(std::shared_ptr<Run> run, CallArguments arguments);
  Task<Outcome> run_server(std::shared_ptr<Run> run, CallArguments arguments);
  Task<Outcome> attempt(std::shared_ptr<Run> run, CallArguments arguments);
  Task<void> run_in_background(std::shared_ptr<Run> run, CallArguments arguments);
  void prepare(const Run& run, CallArguments& arguments);
  void record(const Run& run, std::optional<int> http_status, const Error* error);
  std::shared_ptr<StreamedResult> stream_of(const std::shared_ptr<Run>& run,
                                            const runtime::CallResult& result);
  std::shared_ptr<const ArgumentCheck> check_for(const Run& run);
  identity::IdentityPointer identity_inside(const Run& run) const;
  Task<void> join_background(PerLoop& here);
  void count(const Run& run, const Error* error);
  Task<std::vector<RevisionOutcomes>> outcomes_here(ResourceId function);

  Parts parts_;
  journal::Histogram& upstream_time_;
  std::vector<std::unique_ptr<PerLoop>> per_loop_;
  std::atomic<std::size_t> next_loop_ = 0;
  std::function<void(const journal::ExecutionRecord&, const Caller&)> failure_listener_;
};

}  // namespace poly::execution
