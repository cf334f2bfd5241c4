#include "http/client_watch.hpp"

namespace poly::http {

struct ClientWatch::State {
  Socket& socket;
  std::function<bool()> on_readable;
  bool over = false;
};

ClientWatch::ClientWatch(Socket& socket, std::function<bool()> on_readable)
    : state_(std::make_shared<State>(socket, std::move(on_readable))) {
  wait(state_);
}

ClientWatch::~ClientWatch() {
  state_->over = true;
  boost::system::error_code ignored;
  state_->socket.cancel(ignored);
}

void ClientWatch::wait(const std::shared_ptr<State>& state) {
  state->socket.async_wait(Socket::wait_read, [state](const boost::system::error_code& problem) {
    if (state->over || problem) return;
    if (state->on_readable()) wait(state);
  });
}

}  // namespace poly::http
