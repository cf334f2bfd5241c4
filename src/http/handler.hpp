// What a server asks about each request: may its body come in, and what is the answer.
#pragma once

#include <cstddef>
#include <variant>

#include "base/task.hpp"
#include "http/message.hpp"

namespace poly::http {

// The body may be read, up to this many bytes.
struct Admitted {
  std::size_t body_bytes_max = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;

  // Called when the head is read and before any byte of the body (`request.body` is empty). A Response
  // refuses the request; the connection is closed after it when a body was announced.
  virtual std::variant<Admitted, Response> admit(const Request& request) = 0;

  // Called on the loop of the connection. What it throws becomes a bare 500; handlers answer their own
  // errors.
  virtual Task<Response> handle(Request request) = 0;
};

}  // namespace poly::http
