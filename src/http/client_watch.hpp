// Notices what a client says while it is being answered, above all that it goes away. Internal to the room.
#pragma once

#include <functional>
#include <memory>

#include "http/socket.hpp"

namespace poly::http {

class ClientWatch final {
 public:
  // `on_readable` is called on the loop whenever there is something to read, the end included. It reads all
  // of it, and tells whether to go on watching.
  ClientWatch(Socket& socket, std::function<bool()> on_readable);
  ~ClientWatch();  // cancels what the socket waits for
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

 private:
  struct State;
  static void wait(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;  // shared with the wait, which may end after the watch
};

}  // namespace poly::http
