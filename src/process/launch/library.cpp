#include "process/launch/library.hpp"

#include <cstring>

#include "process/launch/enter.hpp"

namespace {

constexpr std::size_t arguments_bytes_max = 16 << 10;

poly::launch::Outcome enter(const char* arguments) {
  // Kept: the plan points into it.
  static char lines[arguments_bytes_max];
  errno = E2BIG;
  if (std::strlen(arguments) >= sizeof(lines)) return poly::launch::failed("arguments");
  std::strcpy(lines, arguments);
  poly::launch::Plan plan;
  if (auto taken = poly::launch::take_lines(plan, lines); !taken) return taken;
  return poly::launch::enter(plan);
}

}  // namespace

int poly_sandbox_enter(const char* arguments) {
  const auto outcome = enter(arguments);
  if (outcome) return 0;
  poly::launch::complain(outcome.error());
  return outcome.error().code;
}
