// The program `poly`: the streams and environment of this process, handed to the room.
#include <csignal>
#include <iostream>

#include <unistd.h>

#include "base/log.hpp"
#include "cli/process_terminal.hpp"
#include "cli/program.hpp"

extern char** environ;

int main(int count, char** words) {
  using namespace poly;
  std::signal(SIGPIPE, SIG_IGN);
  set_log_level(LogLevel::error);
  cli::ProcessTerminal terminal;
  cli::World world{terminal, {}, std::filesystem::current_path()};
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view setting(*entry);
    const auto mark = setting.find('=');
    if (mark != std::string_view::npos)
      world.environment.emplace(setting.substr(0, mark), setting.substr(mark + 1));
  }
  const std::vector<std::string> arguments(words + 1, words + count);
  const auto code = cli::run_program(arguments, world);
  if (std::cout.flush()) return static_cast<int>(code);
  std::cerr << "error: what was to be printed could not be written to standard output\n";
  return static_cast<int>(cli::ExitCode::failed);
}
