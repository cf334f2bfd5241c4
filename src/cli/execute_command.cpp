// `poly execute`: runs one function and shows what it gave.
#include <memory>
#include <optional>

#include "cli/function_lookup.hpp"
#include "cli/resource_kind.hpp"
#include "cli/server_timing.hpp"
#include "cli/shell.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

constexpr std::string_view execution_header = "x-poly-execution-id";
constexpr std::string_view duration_header = "x-poly-execution-duration";
constexpr std::string_view timing_header = "server-timing";

struct ExecuteOptions {
  std::string path;
  std::optional<std::string> data;
  std::vector<std::string> arguments;
  std::optional<std::string> timeout;
  bool verbose = false;
};

Json arguments_of(const ExecuteOptions& given, World& world) {
  Json arguments = JsonObject{};
  if (given.data) arguments = json_of_argument("--data", *given.data, world);
  if (!arguments.is_object())
    throw Failure(ErrorKind::bad_request,
                  "--data: must be an object of arguments by name, such as '{\"id\": 7}'");
  for (const auto& one : given.arguments) {
    auto [name, value] = named_value("--arg", one, world);
    arguments.get_object()[name] = std::move(value);
  }
  return arguments;
}

std::string shown(const Json& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  return to_pretty_text(value);
}

void note_run(Printer& printer, const Answer& answer) {
  const auto id = answer.headers.get(execution_header);
  if (id.empty()) return;
  const auto duration = answer.headers.get(duration_header);
  printer.note("execution " + std::string(id) +
               (duration.empty() ? "" : ", " + std::string(duration) + " ms"));
}

void note_headers(Printer& printer, const Json& envelope) {
  const auto* headers = find(envelope, "headers");
  if (!headers || !headers->is_object()) return;
  for (const auto& [name, value] : headers->get_object())
    printer.note(std::string(name) + ": " + shown(value));
}

// The other system answered in its own words: the envelope {status, data, headers}.
void show_api_answer(Shell& shell, const Answer& answer, bool verbose) {
  auto envelope = answer.content();
  const auto timing = ServerTiming::parse(answer.headers.get(timing_header));
  if (envelope.is_object() && !timing.empty()) envelope.get_object()["timings"] = timing.document();
  const auto* data = find(envelope, "data");
  const auto* status = find(envelope, "status");
  const auto code = status && status->is_int64() ? status->get_int64() : 0;
  shell.printer().result(envelope, data ? shown(*data) : shown(envelope));
  shell.printer().note("status " + std::to_string(code));
  if (verbose) note_headers(shell.printer(), envelope);
  if (!timing.empty()) shell.printer().note(timing.line());
  if (code >= 400) shell.end_with(ExitCode::failed);
}

// Whether the server says what went wrong; else the function itself chose the status, and the body is its
// result.
bool tells_an_error(const Answer& answer) {
  const auto content = answer.content();
  const auto* status = find(content, "statusCode");
  return status && *status == answer.status && find(content, "message");
}

// A run has an execution id; without one the server did not begin any.
void show_failure(Shell& shell, const Answer& answer, std::string_view path) {
  const auto execution = std::string(answer.headers.get(execution_header));
  auto error = error_of_answer(answer);
  if (execution.empty()) throw Failure(std::move(error));
  auto& printer = shell.printer();
  auto code = ExitCode::failed;
  if (!tells_an_error(answer)) {
    printer.result(answer.content(), shown(answer.content()));
    printer.note("status " + std::to_string(answer.status));
    note_run(printer, answer);
  } else if (error.kind == ErrorKind::bad_request) {
    code = exit_code_of(error.kind);
    printer.error(error, code, "`poly function get " + std::string(path) + "` shows its arguments");
  } else {
    error.kind = ErrorKind::function_failed;
    note_run(printer, answer);
    printer.error(error, code, "`poly logs --execution " + execution + "` shows what it printed");
  }
  shell.end_with(code);
}

void run_execute(Shell& shell, const ExecuteOptions& given) {
  const auto arguments = arguments_of(given, shell.world());
  const auto& api = shell.api();
  const auto function = find_function(api, given.path);
  if (function.kind == FunctionKind::client) {
    throw Failure(ErrorKind::bad_request,
                  "'" + given.path +
                      "' is a client function: it runs inside a program that uses the SDK "
                      "(`poly generate`), not on the server");
  }
  auto call = with_json(http::Method::post, function_path(function) + "/execute", arguments);
  call.time_max = given.timeout ? duration_of("--timeout", *given.timeout) : execute_time_max;
  shell.printer().progress("running " + given.path + " …");
  const auto answer = api.ask(call);
  if (!answer.good()) return show_failure(shell, answer, given.path);
  if (function.kind == FunctionKind::api) {
    show_api_answer(shell, answer, given.verbose);
  } else {
    const auto content = answer.content();
    shell.printer().result(content, shown(content));
  }
  note_run(shell.printer(), answer);
}

}  // namespace

void add_execute_command(const Command& root, Shell& shell) {
  const auto command =
      root.add_command("execute", "Run an API function or a server function",
                       {"poly execute crm.contacts.getContact --arg id=7",
                        "poly execute shop.place --data @order.json --arg dryRun=true",
                        "echo '{\"id\": 7}' | poly execute crm.contacts.getContact --data -"});
  auto given = std::make_shared<ExecuteOptions>();
  command.positional("PATH", given->path, "Its path or id");
  command.option("-d,--data", "JSON", given->data,
                 "The arguments as one object; @file reads a file, - standard input");
  command.option("-a,--arg", "NAME=VALUE", given->arguments,
                 "One argument: JSON when it parses, else text; @file reads a file. May be given again");
  command.flag("-v,--verbose", given->verbose, "Show the headers of an API function's answer too");
  command.option("--timeout", "DURATION", given->timeout,
                 "Give up waiting after that long, such as 90s; 10m unless said");
  command.on_run([&shell, given] { run_execute(shell, *given); });
}

}  // namespace poly::cli
