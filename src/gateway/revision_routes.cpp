#include "gateway/revision_routes.hpp"

#include <charconv>

#include "base/attempt.hpp"
#include "gateway/revision_proof.hpp"
#include "gateway/route_adder.hpp"
#include "gateway/server_function_deploy.hpp"

namespace poly::gateway {
namespace {

using catalog::ResourcePointer;
using catalog::RevisionEntry;
using spec::ServerFunction;
using spec::TrafficShare;

struct RollbackRequest {
  std::optional<int> revision;  // the one that served before when absent

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("revision", self.revision);
  }
};

struct TrafficRequest {
  std::vector<TrafficShare> shares;
  std::optional<spec::CanaryRules> canary;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("shares", self.shares);
    field.optional("canary", self.canary);
  }
};

// What becomes of calls to it: some go to it; it is on trial; those that ask for it; none.
std::string_view status_of(const ServerFunction& function, int number) {
  if (function.canary && function.canary->candidate == number) return "canary";
  if (function.percent_of(number) > 0) return "serving";
  return function.find_revision(number) ? "ready" : "kept";
}

int number_in_path(const Context& context) {
  const auto& text = context.parameters[1];
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) {
    throw Failure(ErrorKind::bad_request, "'" + text + "' is not the number of a revision");
  }
  return number;
}

}  // namespace

void RevisionRoutes::add_to(RouteTable& routes) {
  const RouteAdder add(routes, *this, Access::needs(identity::Permission::custom_dev));
  const std::string one = "/functions/server/{id}";
  add(http::Method::get, one + "/revisions", "listServerFunctionRevisions",
      "What was deployed of a server function, and which calls each revision gets", &RevisionRoutes::list);
  add(http::Method::get, one + "/revisions/{number}", "getServerFunctionRevision",
      "One revision of a server function, with its code", &RevisionRoutes::get);
  add.add({.method = http::Method::post,
           .path = one + "/rollback",
           .operation = "rollbackServerFunction",
           .summary = "All calls go to an older revision again",
           .request_schema = schema_of<RollbackRequest>()},
          &RevisionRoutes::roll_back);
  add.add({.method = http::Method::put,
           .path = one + "/traffic",
           .operation = "setServerFunctionTraffic",
           .summary = "Divide the calls among revisions of a server function",
           .request_schema = schema_of<TrafficRequest>()},
          &RevisionRoutes::divide);
}

JsonObject RevisionRoutes::describe(const ServerFunction& function, const RevisionEntry& entry,
                                    const std::vector<execution::RevisionOutcomes>& outcomes) const {
  JsonObject out{{"number", entry.number},
                 {"hash", entry.hash},
                 {"language", word_of(entry.language)},
                 {"requirements", encode(entry.requirements)},
                 {"deployedAt", to_iso(entry.deployed_at)},
                 {"note", entry.note},
                 {"percent", function.percent_of(entry.number)},
                 {"status", status_of(function, entry.number)}};
  if (entry.deployed_by) {
    const auto key = parts_.directory.find(*entry.deployed_by);
    out["deployedBy"] = entry.deployed_by->text();
    if (key) out["deployedByName"] = key->key.name;
  }
  const auto counted = execution::outcomes_in(outcomes, entry.number);
  out["calls"] = counted.calls;
  out["errors"] = counted.errors;
  return out;
}

Task<http::Response> RevisionRoutes::overview(ResourcePointer function) {
  auto listing = parts_.history.list(function);
  const auto entries = co_await std::move(listing);
  auto counting = parts_.execution.outcomes_of(function->id);
  const auto outcomes = co_await std::move(counting);
  const auto& now = function->as<ServerFunction>();
  JsonObject out{{"functionId", function->id.text()}, {"contextName", function->path()}};
  add_revisions(out, now);
  auto& revisions = out["revisions"].emplace_array();
  for (const auto& entry : entries) revisions.emplace_back(describe(now, entry, outcomes));
  co_return json_reply(out);
}

Task<http::Response> RevisionRoutes::list(Context context) {
  auto looking = overview(server_functions_.find_own(context, context.parameters[0]));
  co_return co_await std::move(looking);
}

Task<http::Response> RevisionRoutes::get(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  const auto number = number_in_path(context);
  auto listing = parts_.history.list(function);
  const auto entries = co_await std::move(listing);
  auto finding = parts_.history.find(function, number);
  const auto revision = co_await std::move(finding);
  auto counting = parts_.execution.outcomes_of(function->id);
  const auto outcomes = co_await std::move(counting);
  const auto entry = std::ranges::find(entries, number, &RevisionEntry::number);
  if (entry == entries.end()) throw Failure(ErrorKind::not_found, "the revision was deleted meanwhile");
  auto out = describe(function->as<ServerFunction>(), *entry, outcomes);
  out["code"] = revision.code.source;
  out["warnings"] = encode(revision.code.warnings);
  auto settings = encode(revision.settings);
  for (auto& [name, value] : settings.get_object()) out[name] = std::move(value);
  co_return json_reply(out);
}

Task<int> RevisionRoutes::served_before(ResourcePointer function) {
  auto listing = parts_.history.list(function);
  const auto entries = co_await std::move(listing);
  const auto serving = function->as<ServerFunction>().serving().number;
  const auto found = std::ranges::find_if(
      entries, [&](const RevisionEntry& entry) { return entry.number < serving && entry.served; });
  if (found == entries.end()) {
    throw Failure(ErrorKind::bad_request, "no older revision of '" + function->path() +
                                              "' that served is kept: say which one to take with `revision`");
  }
  co_return found->number;
}

// The revisions that `shares` names and `function` does not have at hand.
Task<std::vector<spec::Revision>> RevisionRoutes::kept_revisions(ResourcePointer function,
                                                                 std::vector<TrafficShare> shares) {
  std::vector<spec::Revision> kept;
  for (const auto& share : shares) {
    if (function->as<ServerFunction>().find_revision(share.revision)) continue;
    auto finding = attempt(parts_.history.find(function, share.revision));
    auto found = co_await std::move(finding);
    if (!found && found.error().kind == ErrorKind::not_found) found.error().kind = ErrorKind::bad_request;
    kept.push_back(value_or_throw(std::move(found)));
  }
  co_return kept;
}

// A revision that took no calls until now proves that it runs before it takes them.
Task<http::Response> RevisionRoutes::apply(ResourcePointer function, ServerFunction next) {
  const auto& now = function->as<ServerFunction>();
  for (const auto& share : next.shares()) {
    if (now.percent_of(share.revision) > 0) continue;
    auto proving = prove_revision(parts_.functions, function, next, share.revision, parts_.catalog.here());
    co_await std::move(proving);
  }
  catalog::Draft draft;
  draft.definition = std::move(next);
  auto replacing = parts_.catalog.replace(function, std::move(draft));
  auto changed = co_await run_on(parts_.control, std::move(replacing));
  auto looking = overview(std::move(changed));
  co_return co_await std::move(looking);
}

Task<http::Response> RevisionRoutes::roll_back(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  RollbackRequest request;
  if (!context.request.body.empty()) request = value_or_throw(decode<RollbackRequest>(context.json()));
  int number = request.revision.value_or(0);
  if (!request.revision) {
    auto looking = served_before(function);
    number = co_await std::move(looking);
  }
  std::vector<TrafficShare> shares(1, TrafficShare{.revision = number, .percent = 100});
  auto finding = kept_revisions(function, shares);
  const auto kept = co_await std::move(finding);
  auto applying =
      apply(function, catalog::with_traffic(function->as<ServerFunction>(), std::move(shares), kept));
  co_return co_await std::move(applying);
}

Task<http::Response> RevisionRoutes::divide(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  auto request = value_or_throw(decode<TrafficRequest>(context.json()));
  catalog::require_shares(request.shares);
  auto finding = kept_revisions(function, request.shares);
  const auto kept = co_await std::move(finding);
  auto next = function->as<ServerFunction>();
  if (request.canary) {
    next = catalog::with_canary(std::move(next), std::move(request.shares), kept, *request.canary,
                                parts_.clock.now());
  } else {
    next = catalog::with_traffic(std::move(next), std::move(request.shares), kept);
  }
  auto applying = apply(function, std::move(next));
  co_return co_await std::move(applying);
}

}  // namespace poly::gateway
