// `poly logs`: what a server function, or one run of it, printed.
#include <memory>
#include <optional>

#include "base/codec.hpp"
#include "base/time.hpp"
#include "cli/function_lookup.hpp"
#include "cli/resource_kind.hpp"
#include "cli/shell.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

constexpr int lines_by_default = 100;

struct LogsOptions {
  std::string path;
  std::optional<std::string> execution;
  std::optional<std::string> since;
  std::optional<std::string> keyword;
  std::optional<int> limit;
  bool follow = false;
};

struct LogLine {
  std::string timestamp;
  std::string level;
  Json value;
  std::string execution_id;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("timestamp", self.timestamp);
    field.optional("level", self.level);
    field.optional("value", self.value);
    field.optional("executionId", self.execution_id);
  }
};

struct LogAnswer {
  std::optional<bool> logs_enabled;
  std::vector<LogLine> logs;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("logsEnabled", self.logs_enabled);
    field.required("logs", self.logs);
  }
};

// The server counts in whole hours; lines that are older than was asked for are left out here.
Query query_of(const LogsOptions& given) {
  Query query{{"limit", std::to_string(given.limit.value_or(lines_by_default))}};
  if (given.keyword) query.emplace_back("keyword", *given.keyword);
  if (given.since) {
    const auto hours = std::chrono::ceil<std::chrono::hours>(duration_of("--since", *given.since));
    query.emplace_back("lastHours", std::to_string(hours.count()));
  }
  return query;
}

Call call_of(const LogsOptions& given, const Api& api) {
  if (given.execution) return get("/executions/" + segment(*given.execution) + "/logs", query_of(given));
  return get("/functions/server/" + segment(find_server_function_id(api, given.path)) + "/logs",
             query_of(given));
}

LogAnswer read_logs(const Api& api, const Call& call, const LogsOptions& given, Timestamp now) {
  auto answer = value_or_throw(decode<LogAnswer>(api.content(call)));
  if (!given.since) return answer;
  const auto oldest = now - duration_of("--since", *given.since);
  std::erase_if(answer.logs, [oldest](const LogLine& line) {
    const auto time = parse_iso(line.timestamp);
    return time && *time < oldest;
  });
  return answer;
}

Colour colour_of(std::string_view level) {
  if (level == "error" || level == "ERROR") return Colour::red;
  if (level == "warn" || level == "WARN") return Colour::yellow;
  return Colour::plain;
}

std::string shown(const LogLine& line, const Printer& printer) {
  auto text = line.value.is_string() ? std::string(line.value.get_string()) : to_text(line.value);
  while (text.ends_with('\n')) text.pop_back();
  return printer.coloured(line.timestamp, Colour::dim) + " " +
         printer.coloured(line.level, colour_of(line.level)) + " " + text;
}

void print_once(Shell& shell, const LogAnswer& answer) {
  std::string text;
  for (const auto& line : answer.logs) text += shown(line, shell.printer()) + "\n";
  auto document = encode(answer);
  shell.printer().result(document, text);
  if (answer.logs.empty() && answer.logs_enabled == false) {
    shell.printer().note("this function keeps no logs: add it again with `--logs enabled`");
  } else if (answer.logs.empty()) {
    shell.printer().note("no log lines");
  }
}

// Ends when the program is interrupted or the server stops.
void follow(Shell& shell, Call call) {
  call.query.emplace_back("follow", "true");
  shell.api().follow(call, [&shell](std::string_view text) {
    const auto line = value_or_throw(decode<LogLine>(value_or_throw(parse_json(text, "a line of log"))));
    shell.printer().line(encode(line), shown(line, shell.printer()));
  });
}

void run_logs(Shell& shell, const LogsOptions& given) {
  if (given.path.empty() == !given.execution)
    throw Failure(ErrorKind::bad_request, "name either a server function or --execution ID");
  const auto call = call_of(given, shell.api());
  if (given.follow) return follow(shell, call);
  print_once(shell, read_logs(shell.api(), call, given, SystemClock().now()));
}

}  // namespace

void add_logs_command(const Command& root, Shell& shell) {
  const auto command = root.add_command(
      "logs", "Show what server functions printed",
      {"poly logs shop.place", "poly logs shop.place --follow --since 10m", "poly logs --execution 3f0c…"});
  auto given = std::make_shared<LogsOptions>();
  command.positional("PATH", given->path, "A server function, by path or id", Presence::optional);
  command.option("--execution", "ID", given->execution, "Of this one run");
  command.option("--since", "DURATION", given->since, "Only the last so long, such as 90s, 15m, 2h, 7d");
  command.option("--keyword", "TEXT", given->keyword, "Only lines with this text");
  command.option("--limit", "COUNT", given->limit, "At most so many lines; 100 unless said");
  command.flag("-f,--follow", given->follow,
               "Stay, and show lines as they come; with --json one document a line");
  command.on_run([&shell, given] { run_logs(shell, *given); });
}

}  // namespace poly::cli
