// `poly function revisions`, `rollback` and `traffic`: what was deployed of a server function, and which of
// it takes calls.
#include <charconv>

#include <fmt/format.h>

#include "cli/function_lookup.hpp"
#include "cli/resource_commands.hpp"
#include "cli/rollout_options.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

std::string address_of(const Api& api, const std::string& id_or_path) {
  return collection_of(FunctionKind::server) + "/" + find_server_function_id(api, id_or_path);
}

std::string percent_text(const Json& revision) {
  const auto percent = shown_member(revision, "percent");
  return percent == "0" ? "" : percent + " %";
}

std::string errors_text(const Json& revision) {
  const auto errors = shown_member(revision, "errors");
  const auto calls = std::strtod(shown_member(revision, "calls").c_str(), nullptr);
  if (errors == "0" || calls == 0) return errors;
  return fmt::format("{} ({:.1f} %)", errors, 100 * std::strtod(errors.c_str(), nullptr) / calls);
}

std::string who_text(const Json& revision) {
  const auto name = shown_member(revision, "deployedByName");
  return name.empty() ? shown_member(revision, "deployedBy") : name;
}

std::string trial_text(const Json& overview) {
  const auto candidate = shown_member(overview, "canary.candidate");
  if (!candidate.empty()) {
    return fmt::format(
        "\nrevision {} is on trial since {}: it takes all calls after {} minutes, or revision {} does when "
        "more "
        "than {} % of at least {} calls fail\n",
        candidate, shown_member(overview, "canary.beganAt"), shown_member(overview, "canary.minutes"),
        shown_member(overview, "canary.stable"), shown_member(overview, "canary.errorPercentMax"),
        shown_member(overview, "canary.callsMin"));
  }
  const auto reason = shown_member(overview, "rolledBack.reason");
  if (reason.empty()) return "";
  return fmt::format("\nrevision {} failed its trial at {}: {}\n", shown_member(overview, "rolledBack.from"),
                     shown_member(overview, "rolledBack.at"), reason);
}

void print_overview(Shell& shell, const Json& overview) {
  Table table({"REVISION", "STATUS", "PERCENT", "CALLS", "ERRORS", "DEPLOYED", "BY", "NOTE"});
  const auto* members = overview.if_object();
  const auto* revisions = members ? members->if_contains("revisions") : nullptr;
  if (!revisions || !revisions->is_array()) {
    throw Failure(ErrorKind::unsupported, "the server does not say which revisions there are");
  }
  for (const auto& revision : revisions->get_array()) {
    table.add({shown_member(revision, "number"), shown_member(revision, "status"), percent_text(revision),
               shown_member(revision, "calls"), errors_text(revision), shown_member(revision, "deployedAt"),
               who_text(revision), shown_member(revision, "note")});
  }
  shell.printer().result(overview, table.text() + trial_text(overview));
}

int whole_number(std::string_view text, std::string_view argument) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc() && end == text.data() + text.size()) return number;
  throw Failure(ErrorKind::bad_request, std::string(argument) + ": write REVISION=PERCENT, such as 3=90");
}

JsonArray shares_of(const std::vector<std::string>& arguments) {
  JsonArray shares;
  for (const auto& argument : arguments) {
    const auto [revision, percent] = named_text("REVISION=PERCENT", argument);
    shares.push_back(JsonObject{{"revision", whole_number(revision, argument)},
                                {"percent", whole_number(percent, argument)}});
  }
  return shares;
}

void add_revisions_command(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("revisions", "Show what was deployed of a server function, and what takes its calls",
                        {"poly function revisions shop.orders.placeOrder"});
  auto path = std::make_shared<std::string>();
  command.positional("ID", *path, "Its id or path");
  command.on_run([&shell, path] {
    const auto& api = shell.api();
    print_overview(shell, api.content(get(address_of(api, *path) + "/revisions")));
  });
}

void add_rollback_command(const Command& group, Shell& shell) {
  struct Options {
    std::string id;
    std::optional<int> to;
  };
  const auto command = group.add_command("rollback", "Give all calls back to an older revision at once",
                                         {"poly function rollback shop.orders.placeOrder",
                                          "poly function rollback shop.orders.placeOrder --to 3"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, "Its id or path");
  command.option("--to", "REVISION", given->to, "To this one; without it, to the one that served before");
  command.on_run([&shell, given] {
    const auto& api = shell.api();
    JsonObject body;
    if (given->to) body["revision"] = *given->to;
    print_overview(
        shell, api.content(with_json(http::Method::post, address_of(api, given->id) + "/rollback", body)));
  });
}

void add_traffic_command(const Command& group, Shell& shell) {
  struct Options {
    std::string id;
    std::vector<std::string> shares;
    bool canary = false;
    CanaryOptions rules;
  };
  const auto command =
      group.add_command("traffic", "Divide the calls of a server function among its revisions",
                        {"poly function traffic shop.orders.placeOrder 3=90 4=10",
                         "poly function traffic shop.orders.placeOrder 3=90 4=10 --canary --minutes 30"});
  auto given = std::make_shared<Options>();
  command.positional("ID", given->id, "Its id or path");
  command.positional("REVISION=PERCENT", given->shares, "How many of a hundred calls a revision gets");
  command.flag("--canary", given->canary,
               "The newer of two is on trial: all calls go back when it fails more than the older one");
  given->rules.declare(command);
  command.on_run([&shell, given] {
    if (given->rules.any() && !given->canary) {
      throw Failure(ErrorKind::bad_request,
                    "--error-percent-max, --calls-min and --minutes are for a trial: add --canary");
    }
    const auto& api = shell.api();
    JsonObject body{{"shares", shares_of(given->shares)}};
    if (given->canary) body["canary"] = given->rules.members();
    print_overview(shell,
                   api.content(with_json(http::Method::put, address_of(api, given->id) + "/traffic", body)));
  });
}

}  // namespace

void add_function_revisions(const Command& group, Shell& shell) {
  add_revisions_command(group, shell);
  add_rollback_command(group, shell);
  add_traffic_command(group, shell);
}

}  // namespace poly::cli
