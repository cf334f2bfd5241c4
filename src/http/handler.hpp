// What a server asks about each request: may its body come in, and what is the answer.
#pragma once

#include <cstddef>
#include <memory>
#include <variant>

#include "base/task.hpp"
#include "http/message.hpp"

namespace poly::http {

// What a handler found out about a request before its body. Each handler has its own kind, and gets back what
// it gave.
class Findings {
 public:
  virtual ~Findings() = default;
};

// The body may be read, up to this many bytes.
struct Admitted {
  std::size_t body_bytes_max = 0;
  std::unique_ptr<Findings> findings = nullptr;
};

class Handler {
 public:
  virtual ~Handler() = default;

  // Called when the head is read and before any byte of the body (`request.body` is empty). A Response
  // refuses the request; the connection is closed after it when a body was announced.
  virtual std::variant<Admitted, Response> admit(const Request& request) = 0;

  // Called on the loop of the connection, with what admit() gave for this request and the body. What it
  // throws becomes a bare 500; handlers answer their own errors.
  virtual Task<Response> handle(Request request, Admitted admitted) = 0;
};

}  // namespace poly::http
