// What can go wrong, as a value (Result) or as the end of a request (Failure).
#pragma once

#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poly {

// The closed list of ways to fail. It maps to HTTP statuses once (gateway/reply.cpp) and to
// exit codes once (cli/exit_code.hpp).
enum class ErrorKind {
  bad_request,        // the caller's input is wrong; `details` may list several reasons
  unauthorized,       // no key, or a key that nobody has
  forbidden,          // a valid key without the permission
  not_found,
  method_not_allowed,
  conflict,           // the name is taken, by this or another kind of resource
  too_large,          // a body or value past its named limit
  unsupported,        // a media type or encoding that is not understood
  too_many_requests,  // a queue or rate limit is full; try again later
  not_built,          // part of the protocol, not built yet (HTTP 501)
  upstream,           // another system did not answer, or not in its protocol
  timeout,            // a deadline passed
  unavailable,        // stopping, or a part is not there at the moment
  function_failed,    // a tenant's function threw, exited or went past a limit
  internal,           // our fault
};

std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;               // what was attempted, on what, and what to do; never a secret
  std::string code;                  // stable word for programs, may be empty
  std::vector<std::string> details;  // one line for each wrong field, may be empty

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

// Ends the request (or function run, or schedule tick) that it is thrown in. One that tells more than its error
// derives from it.
class Failure : public std::exception {
 public:
  explicit Failure(Error error) : error_(std::move(error)) {}
  Failure(ErrorKind kind, std::string message) : error_{kind, std::move(message), {}, {}} {}

  const char* what() const noexcept override { return error_.message.c_str(); }
  const Error& error() const { return error_; }

 private:
  Error error_;
};

inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message), {}, {}});
}

// The value, or the Failure that carries the error.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw Failure(std::move(result).error());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// What an exception in flight says, for the few places that catch at an edge.
Error error_of(std::exception_ptr exception);

// Our own bug: say where and stop the process.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace poly

#define CHECK(expression) \
  (static_cast<bool>(expression) ? static_cast<void>(0) : ::poly::check_failed(#expression, __FILE__, __LINE__))
