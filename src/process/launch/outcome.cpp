#include "process/launch/outcome.hpp"

#include <cstdio>
#include <cstring>

namespace poly::launch {

void complain(const Problem& problem) {
  std::fprintf(stderr, "poly-launch: %s%s%s: %s\n", problem.step, *problem.subject ? " " : "",
               problem.subject, std::strerror(problem.code));
}

}  // namespace poly::launch
