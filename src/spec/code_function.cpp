#include "spec/code_function.hpp"

namespace poly::spec {

FunctionSpecification specification_of(const CodeInterface& interface) {
  return {.arguments = interface.arguments,
          .return_type = interface.return_type,
          .other_return_types = {},
          .synchronous = interface.synchronous};
}

const Revision* ServerFunction::find_revision(int number) const {
  if (current.number == number) return &current;
  const auto found = std::ranges::find(others, number, &Revision::number);
  return found == others.end() ? nullptr : &*found;
}

}  // namespace poly::spec
