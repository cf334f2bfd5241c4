#include "gateway/journal_routes.hpp"

#include <boost/asio/this_coro.hpp>

#include "gateway/log_tail.hpp"
#include "gateway/query_value.hpp"
#include "gateway/route_adder.hpp"

namespace poly::gateway {
namespace {

using identity::Permission;

constexpr std::size_t limit_default = 100;

std::size_t limit_of(const Context& context) {
  return static_cast<std::size_t>(number_in_query(context, "limit").value_or(limit_default));
}

// The record, and the key that it was called with: its name as long as the key is there.
JsonObject form_of(const journal::ExecutionRecord& record, const identity::Directory& directory) {
  auto form = encode(record).as_object();
  if (!record.caller) return form;
  JsonObject key{{"id", record.caller->text()}};
  if (const auto identity = directory.find(*record.caller)) key["name"] = identity->key.name;
  form["apiKey"] = std::move(key);
  return form;
}

}  // namespace

void JournalRoutes::add_to(RouteTable& routes) {
  const RouteAdder add_for_developers(routes, *this, Access::needs(Permission::custom_dev));
  add_for_developers(http::Method::get, "/functions/server/{id}/logs", "getServerFunctionLogs",
                     "What a server function logged", &JournalRoutes::function_logs);
  add_for_developers(http::Method::delete_, "/functions/server/{id}/logs", "deleteServerFunctionLogs",
                     "Forget what a server function logged", &JournalRoutes::delete_function_logs);
  const RouteAdder add(routes, *this, Access::one_of({Permission::execute, Permission::custom_dev}));
  add(http::Method::get, "/executions", "listExecutions", "Runs of functions, newest first",
      &JournalRoutes::executions);
  add(http::Method::get, "/executions/{id}", "getExecution", "One run", &JournalRoutes::execution);
  add(http::Method::get, "/executions/{id}/logs", "getExecutionLogs", "What one run logged",
      &JournalRoutes::execution_logs);
}

std::optional<Timestamp> JournalRoutes::since(const Context& context) const {
  if (const auto days = number_in_query(context, "lastDays")) return clock_.now() - std::chrono::days(*days);
  if (const auto hours = number_in_query(context, "lastHours"))
    return clock_.now() - std::chrono::hours(*hours);
  if (const auto text = context.query_value("since"); !text.empty()) return value_or_throw(parse_iso(text));
  return std::nullopt;
}

Task<http::Response> JournalRoutes::function_logs(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  journal::LogFilter filter;
  filter.resource = function->id;
  filter.execution = id_in_query<ExecutionId>(context, "executionId");
  filter.keyword = context.query_value("keyword");
  filter.since = since(context);
  filter.limit = limit_of(context);
  if (context.query_flag("follow")) {
    auto following = follow(std::move(filter));
    co_return co_await std::move(following);
  }
  auto reading = journal_.logs(std::move(filter));
  const auto lines = co_await std::move(reading);
  co_return json_reply(JsonObject{{"logsEnabled", function->as<spec::ServerFunction>().logs_enabled},
                                  {"logs", encode(lines)}});
}

Task<http::Response> JournalRoutes::delete_function_logs(Context context) {
  const auto function = server_functions_.find_own(context, context.parameters[0]);
  auto deleting = journal_.delete_logs(function->id);
  co_await std::move(deleting);
  co_return empty_reply();
}

Task<http::Response> JournalRoutes::executions(Context context) {
  journal::ExecutionFilter filter;
  filter.environment = context.identity->environment.id;
  filter.resource = id_in_query<ResourceId>(context, "resourceId");
  if (const auto path = context.query_value("path"); !path.empty()) {
    const auto function = catalog_.here()->find(viewpoint_of(context), catalog::NameSpace::poly, path);
    if (!function) throw Failure(ErrorKind::not_found, "there is no function '" + std::string(path) + "'");
    filter.resource = function->id;
  }
  filter.parent = id_in_query<ExecutionId>(context, "parentId");
  filter.since = since(context);
  filter.status = word_in_query<journal::ExecutionStatus>(context, "status");
  filter.limit = limit_of(context);
  auto listing = journal_.list(std::move(filter));
  const auto records = co_await std::move(listing);
  JsonArray results;
  for (const auto& record : records) results.emplace_back(form_of(record, directory_));
  co_return json_reply(JsonObject{{"results", std::move(results)}});
}

Task<http::Response> JournalRoutes::execution(Context context) {
  auto getting = journal_.get(context.identity->environment.id, id_in_path<ExecutionId>(context, 0));
  const auto record = co_await std::move(getting);
  co_return json_reply(form_of(record, directory_));
}

Task<http::Response> JournalRoutes::execution_logs(Context context) {
  const auto id = id_in_path<ExecutionId>(context, 0);
  auto getting = journal_.get(context.identity->environment.id, id);
  co_await std::move(getting);
  journal::LogFilter filter;
  filter.execution = id;
  filter.keyword = context.query_value("keyword");
  filter.limit = limit_of(context);
  if (context.query_flag("follow")) {
    auto following = follow(std::move(filter));
    co_return co_await std::move(following);
  }
  auto reading = journal_.logs(std::move(filter));
  const auto lines = co_await std::move(reading);
  co_return json_reply(JsonObject{{"logs", encode(lines)}});
}

Task<http::Response> JournalRoutes::follow(journal::LogFilter filter) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto tail = std::make_shared<LogTail>(journal_.live(), filter.resource, filter.execution,
                                              filter.keyword, executor, clock_);
  auto reading = journal_.logs(std::move(filter));
  const auto lines = co_await std::move(reading);
  tail->begin_with(lines);
  http::Response response;
  response.headers.add("Content-Type", "application/x-ndjson");
  response.body_source = tail;
  co_return response;
}

}  // namespace poly::gateway
