// What every command is given: the world outside, the printer, and the server that it talks to.
#pragma once

#include <optional>

#include "cli/api.hpp"
#include "cli/command.hpp"
#include "cli/printer.hpp"
#include "cli/world.hpp"

namespace poly::cli {

class Shell final {
 public:
  Shell(World& world, Printer& printer) : world_(world), printer_(printer) {}
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  World& world() { return world_; }
  Printer& printer() { return printer_; }
  // The server of the settings; the first call reads them and throws Failure when there are none.
  const Api& api() {
    if (!api_) api_.emplace(find_settings(world_));
    return *api_;
  }

  // A command that printed its result and yet did not succeed says so here.
  void end_with(ExitCode code) { exit_code_ = code; }
  ExitCode exit_code() const { return exit_code_; }

 private:
  World& world_;
  Printer& printer_;
  std::optional<Api> api_;
  ExitCode exit_code_ = ExitCode::ok;
};

// Each adds its words to the command line; shell must outlive it.
void add_login_command(const Command& root, Shell& shell);
void add_generate_command(const Command& root, Shell& shell);
void add_function_commands(const Command& root, Shell& shell);
void add_function_instances(const Command& group, Shell& shell);  // below `function`
void add_function_revisions(const Command& group, Shell& shell);  // the same
void add_webhook_commands(const Command& root, Shell& shell);
void add_trigger_commands(const Command& root, Shell& shell);
void add_job_commands(const Command& root, Shell& shell);
void add_variable_commands(const Command& root, Shell& shell);
void add_schema_commands(const Command& root, Shell& shell);
void add_snippet_commands(const Command& root, Shell& shell);
void add_model_commands(const Command& root, Shell& shell);
void add_execute_command(const Command& root, Shell& shell);
void add_logs_command(const Command& root, Shell& shell);
void add_search_command(const Command& root, Shell& shell);
void add_key_commands(const Command& root, Shell& shell);
void add_doctor_command(const Command& root, Shell& shell);

}  // namespace poly::cli
