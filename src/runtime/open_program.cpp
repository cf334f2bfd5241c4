#include "runtime/open_program.hpp"

#include "base/log.hpp"

namespace poly::runtime {

Task<process::Fd> open_program(const ProgramFolder& programs, Toolchain& toolchain, Executor control,
                               Program program) {
  auto found = programs.open(program.name);
  if (found || found.error().kind != ErrorKind::not_found) co_return value_or_throw(std::move(found));
  log(LogLevel::warn, "the program of a function is made again",
      {{"function", program.function}, {"program", program.name}});
  Source source{.name = program.function,
                .language = program.language,
                .text = std::move(program.source),
                .runs_on_server = true,
                .type_schemas = {},
                .layers = {}};
  auto making = run_on(control, toolchain.describe(std::move(source)));
  const auto described = co_await std::move(making);
  if (described.code.runnable != program.name) {
    throw Failure(ErrorKind::not_found, "the program of '" + program.function +
                                            "' is gone, and its source makes another one: deploy it again");
  }
  co_return value_or_throw(programs.open(program.name));
}

}  // namespace poly::runtime
