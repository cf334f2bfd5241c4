// A program of a function, wherever polyd finds it: in its folder, or made again when the folder was lost or
// the database came from another machine.
#pragma once

#include "runtime/program_folder.hpp"
#include "runtime/toolchain.hpp"

namespace poly::runtime {

// `control` is the loop of `toolchain`. Throws Failure: unavailable when it cannot be made again as it was.
Task<process::Fd> open_program(const ProgramFolder& programs, Toolchain& toolchain, Executor control,
                               Program program);

}  // namespace poly::runtime
