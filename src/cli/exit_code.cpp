#include "cli/exit_code.hpp"

namespace poly::cli {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return ExitCode::not_found;
    case ErrorKind::unauthorized:
    case ErrorKind::forbidden:
      return ExitCode::not_allowed;
    case ErrorKind::conflict:
      return ExitCode::conflict;
    case ErrorKind::bad_request:
    case ErrorKind::too_large:
    case ErrorKind::unsupported:
      return ExitCode::bad_input;
    case ErrorKind::upstream:
    case ErrorKind::unavailable:
      return ExitCode::unreachable;
    case ErrorKind::timeout:
      return ExitCode::timeout;
    case ErrorKind::method_not_allowed:
    case ErrorKind::too_many_requests:
    case ErrorKind::not_built:
    case ErrorKind::function_failed:
    case ErrorKind::internal:
      return ExitCode::failed;
  }
  return ExitCode::failed;
}

ErrorKind kind_of_status(int status) {
  switch (status) {
    case 401:
      return ErrorKind::unauthorized;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 405:
      return ErrorKind::method_not_allowed;
    case 408:
    case 504:
      return ErrorKind::timeout;
    case 409:
      return ErrorKind::conflict;
    case 413:
      return ErrorKind::too_large;
    case 415:
      return ErrorKind::unsupported;
    case 429:
      return ErrorKind::too_many_requests;
    case 501:
      return ErrorKind::not_built;
    case 502:
      return ErrorKind::upstream;
    case 503:
      return ErrorKind::unavailable;
    default:
      return status >= 400 && status < 500 ? ErrorKind::bad_request : ErrorKind::internal;
  }
}

}  // namespace poly::cli
