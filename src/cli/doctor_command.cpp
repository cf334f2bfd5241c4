// `poly doctor`: is everything there that work with this server needs, and if not, what to do.
#include <algorithm>

#include "cli/doctor_checks.hpp"
#include "cli/shell.hpp"

namespace poly::cli {
namespace {

void append(std::vector<Finding>& all, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(all));
}

std::vector<Finding> findings_of(Shell& shell) {
  const auto& folder = shell.world().folder;
  std::vector<Finding> findings;
  try {
    append(findings, check_server(shell.api()));
    if (findings.front().health != Health::fail) {
      append(findings, check_key(shell.api()));
      append(findings, check_sdk(shell.api(), folder));
    }
  } catch (const Failure& failure) {
    findings.push_back({"settings", Health::fail, failure.error().message, "`poly login URL`"});
  }
  append(findings, check_tools(folder));
  return findings;
}

Colour colour_of(Health health) {
  switch (health) {
    case Health::ok:
      return Colour::green;
    case Health::warn:
      return Colour::yellow;
    case Health::fail:
      return Colour::red;
  }
  return Colour::plain;
}

void run_doctor(Shell& shell) {
  auto& printer = shell.printer();
  std::string text;
  JsonArray checks;
  bool failed = false;
  for (const auto& [name, health, message, advice] : findings_of(shell)) {
    auto word = std::string(word_of(health));
    word.resize(4, ' ');
    text += printer.coloured(word, colour_of(health)) + "  " + name + ": " + message + "\n";
    if (!advice.empty()) text += "      → " + advice + "\n";
    JsonObject check{{"name", name}, {"health", word_of(health)}, {"message", message}};
    if (!advice.empty()) check["advice"] = advice;
    checks.push_back(std::move(check));
    failed = failed || health == Health::fail;
  }
  printer.result(JsonObject{{"ok", !failed}, {"checks", std::move(checks)}}, text);
  if (failed) shell.end_with(ExitCode::failed);
}

}  // namespace

void add_doctor_command(const Command& root, Shell& shell) {
  const auto command = root.add_command("doctor", "Look at everything that work with the server needs",
                                        {"poly doctor", "poly doctor --json"});
  command.on_run([&shell] { run_doctor(shell); });
}

}  // namespace poly::cli
