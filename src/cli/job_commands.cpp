// `poly job`: server functions that run at set times.
#include <memory>
#include <optional>

#include "base/time.hpp"
#include "cli/function_lookup.hpp"
#include "cli/resource_commands.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

struct AddOptions {
  std::string name;
  std::optional<std::string> cron;
  std::optional<int> interval_minutes;
  std::optional<std::string> at;
  std::vector<std::string> functions;
  std::optional<std::string> event_payload;
  bool parallel = false;
  bool disabled = false;
};

const ResourceKind& job_kind() {
  static const ResourceKind kind{"job",
                                 "/jobs",
                                 {{"NAME", "name"},
                                  {"ID", "id"},
                                  {"ENABLED", "enabled"},
                                  {"KIND", "schedule.type"},
                                  {"SCHEDULE", "schedule.value"}}};
  return kind;
}

JsonObject schedule_of(const AddOptions& given) {
  if (given.cron) return {{"type", "periodical"}, {"value", *given.cron}};
  if (given.interval_minutes) return {{"type", "interval"}, {"value", *given.interval_minutes}};
  const auto time = parse_iso(given.at.value());
  if (!time) throw Failure(ErrorKind::bad_request, "--at: " + time.error().message);
  return {{"type", "on_time"}, {"value", to_iso(*time)}};
}

Json body_of(const AddOptions& given, Shell& shell) {
  JsonArray functions;
  for (const auto& one : given.functions) {
    JsonObject function{{"id", find_server_function_id(shell.api(), one)}};
    if (given.event_payload)
      function["eventPayload"] = json_of_argument("--event-payload", *given.event_payload, shell.world());
    functions.push_back(std::move(function));
  }
  return JsonObject{{"name", given.name},
                    {"schedule", schedule_of(given)},
                    {"functions", std::move(functions)},
                    {"executionType", given.parallel ? "parallel" : "sequential"},
                    {"enabled", !given.disabled}};
}

void add_add_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("add", "Add a job",
                        {"poly job add nightly --cron '0 2 * * *' --function shop.reconcile",
                         "poly job add poll --interval 5 --function shop.poll",
                         "poly job add launch --at 2030-01-01T08:00:00+01:00 --function shop.launch"});
  auto given = std::make_shared<AddOptions>();
  command.positional("NAME", given->name, "Its name");
  const auto cron = command.option("--cron", "CRON", given->cron, "At the times of this cron line, in UTC");
  const auto interval = command.option("--interval", "MINUTES", given->interval_minutes,
                                       "Again and again after so many minutes");
  const auto at = command.option("--at", "TIME", given->at, "Once, at this ISO 8601 time with its zone");
  command.exactly_one_of({cron, interval, at});
  command.option("--function", "ID", given->functions,
                 "A server function to run, by id or path; may be given again");
  command.option("--event-payload", "JSON", given->event_payload,
                 "The first argument of the functions; @file reads a file");
  command.flag("--parallel", given->parallel,
               "Run the functions side by side instead of one after the other");
  command.flag("--disabled", given->disabled, "Do not run yet");
  command.on_run([&shell, given] {
    if (given->functions.empty())
      throw Failure(ErrorKind::bad_request, "--function is missing: what the job runs");
    const auto body = body_of(*given, shell);
    print_added(shell, "job",
                shell.api().content(with_json(http::Method::post, job_kind().collection, body)));
  });
}

void add_run_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("run", "Run a job now, beside its schedule", {"poly job run nightly"});
  auto id = std::make_shared<std::string>();
  command.positional("ID", *id, "Its id or name");
  command.on_run([&shell, id] {
    const auto& api = shell.api();
    const auto path = item_path(job_kind(), find_id(api, job_kind(), *id)) + "/trigger";
    const auto started = api.content(with_json(http::Method::post, path, JsonObject{}));
    shell.printer().result(started, "started run " + shown_member(started, "runId"));
  });
}

}  // namespace

void add_job_commands(const Command& root, Shell& shell) {
  const auto group = root.add_group("job", "Server functions that run at set times");
  add_add_command(group, shell);
  add_run_command(group, shell);
  add_list_command(group, shell, job_kind());
  add_get_command(group, shell, job_kind());
  add_delete_command(group, shell, job_kind());
}

}  // namespace poly::cli
