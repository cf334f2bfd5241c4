#include "spec/code_function.hpp"

namespace poly::spec {

FunctionSpecification specification_of(const CodeInterface& interface) {
  return {.arguments = interface.arguments,
          .return_type = interface.return_type,
          .other_return_types = {},
          .synchronous = interface.synchronous};
}

}  // namespace poly::spec
