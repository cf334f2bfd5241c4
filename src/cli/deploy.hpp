// A deploy, whose progress the server tells while it works.
#pragma once

#include "cli/shell.hpp"

namespace poly::cli {

// Sends `call` and shows how it goes on; gives what the server made. Throws Failure with what it refused.
Json deploy(Shell& shell, Call call);

}  // namespace poly::cli
