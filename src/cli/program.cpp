#include "cli/program.hpp"

#include <algorithm>

#include "cli/shell.hpp"

namespace poly::cli {
namespace {

void add_commands(const Command& root, Shell& shell) {
  add_login_command(root, shell);
  add_doctor_command(root, shell);
  add_generate_command(root, shell);
  add_search_command(root, shell);
  add_execute_command(root, shell);
  add_logs_command(root, shell);
  add_model_commands(root, shell);
  add_function_commands(root, shell);
  add_webhook_commands(root, shell);
  add_trigger_commands(root, shell);
  add_job_commands(root, shell);
  add_variable_commands(root, shell);
  add_schema_commands(root, shell);
  add_snippet_commands(root, shell);
  add_key_commands(root, shell);
}

std::string hint_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unauthorized:
      return "`poly login URL` stores a key; POLY_API_KEY wins over it";
    case ErrorKind::forbidden:
      return "`poly doctor` lists what this key may do; a key with the permission does it";
    case ErrorKind::upstream:
    case ErrorKind::unavailable:
      return "`poly doctor` says which server is asked; is it running?";
    case ErrorKind::too_many_requests:
      return "the server is busy; try again later";
    default:
      return "";
  }
}

ExitCode refuse_words(const Parsed& parsed, Printer& printer) {
  printer.error({ErrorKind::bad_request, parsed.text, "USAGE", {}}, ExitCode::usage, parsed.hint);
  return ExitCode::usage;
}

}  // namespace

ExitCode run_program(const std::vector<std::string>& arguments, World& world) {
  Printer printer(world);
  Shell shell(world, printer);
  CommandLine line("poly", "Builds and runs integrations on an OpenPoly server",
                   "poly " + std::string(version));
  add_commands(line.root(), shell);

  // Also when the words are wrong, so that a program that asked for JSON gets the reason as JSON.
  const bool asked_for_json = std::ranges::find(arguments, "--json") != arguments.end();
  if (asked_for_json) printer.set_format(Format::json);
  const auto parsed = line.parse(arguments);
  if (parsed.outcome == Parsed::Outcome::wrong) return refuse_words(parsed, printer);
  printer.set_format(line.wants_json() ? Format::json : Format::text);
  if (parsed.outcome == Parsed::Outcome::help) {
    printer.set_format(Format::text);
    printer.result(nullptr, parsed.text);
    return ExitCode::ok;
  }
  try {
    line.run();
    return shell.exit_code();
  } catch (const std::exception&) {
    const auto error = error_of(std::current_exception());
    const auto code = exit_code_of(error.kind);
    printer.error(error, code, hint_for(error.kind));
    return code;
  }
}

}  // namespace poly::cli
