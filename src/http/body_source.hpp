// A body that is made while it is sent: for results without a known end, or too large to hold.
#pragma once

#include <optional>
#include <string>

#include "base/task.hpp"

namespace poly::http {

// All members are called on the loop of the connection. The server drops the source when its answer has
// ended, however it ended: a source that is dropped before it gave its end has lost its reader.
class BodySource {
 public:
  virtual ~BodySource() = default;

  // The next piece, or nothing at the end. Asked again when the piece before has been handed to the kernel,
  // so a slow reader slows the source down. What it throws cuts the connection: the client sees a body
  // without end.
  virtual Task<std::optional<std::string>> next() = 0;

  // Nobody reads any more: next() ends soon, with whatever it likes, if it is waited for. Must not resume it
  // at once.
  virtual void cancel() = 0;

  // The server stops. A body that would go on for ever comes to its end; another one goes on.
  virtual void drain() {}
};

}  // namespace poly::http
