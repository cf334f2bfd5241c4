#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace poly {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
      return "bad_request";
    case ErrorKind::unauthorized:
      return "unauthorized";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::method_not_allowed:
      return "method_not_allowed";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::too_large:
      return "too_large";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::too_many_requests:
      return "too_many_requests";
    case ErrorKind::not_built:
      return "not_built";
    case ErrorKind::upstream:
      return "upstream";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::function_failed:
      return "function_failed";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Error error_of(std::exception_ptr exception) {
  try {
    std::rethrow_exception(std::move(exception));
  } catch (const Failure& failure) {
    return failure.error();
  } catch (const std::exception& other) {
    return Error{ErrorKind::internal, other.what(), {}, {}};
  } catch (...) {
    return Error{ErrorKind::internal, "an exception of unknown type", {}, {}};
  }
}

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, expression);
  std::abort();
}

}  // namespace poly
