#include "runtime/open_program.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"

namespace poly::runtime {
namespace {

Source source_of(const Program& program) {
  return {.name = program.function,
          .language = program.language,
          .text = program.source,
          .runs_on_server = true,
          .type_schemas = {},
          .layers = {}};
}

Failure gone(const Program& program, const std::string& why) {
  return {ErrorKind::unavailable, "the program of '" + program.function + "' is gone, and " + why};
}

}  // namespace

Task<process::Fd> open_program(const ProgramFolder& programs, Toolchain& toolchain, Executor control,
                               Program program) {
  auto found = programs.open(program.name);
  if (found || found.error().kind != ErrorKind::not_found) co_return value_or_throw(std::move(found));
  log(LogLevel::warn, "the program of a function is made again",
      {{"function", program.function}, {"program", program.name}});
  auto describing = toolchain.describe(source_of(program));
  auto making = attempt(run_on(control, std::move(describing)));
  const auto made = co_await std::move(making);
  if (!made) throw gone(program, "could not be made again: " + made.error().message);
  if (made->code.runnable != program.name) {
    throw gone(program, "its source makes another one: deploy the function again");
  }
  co_return value_or_throw(programs.open(program.name));
}

}  // namespace poly::runtime
