#include "http/server.hpp"

#include <cerrno>
#include <list>

#include <boost/asio/redirect_error.hpp>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/task_group.hpp"
#include "http/session.hpp"
#include "http/socket.hpp"

namespace poly::http {
namespace asio = boost::asio;

namespace {

// Connections that are being told "too many connections"; beyond these they are closed without a word.
constexpr std::size_t turned_away_max = 64;
// Without file descriptors a connection stays in the backlog, and accepting at once would spin.
constexpr std::chrono::milliseconds pause_when_exhausted{100};

Acceptor bound(Executor executor, std::string_view address, std::uint16_t port, PortSharing sharing) {
  const auto what = "cannot listen on " + std::string(address) + ":" + std::to_string(port) + ": ";
  boost::system::error_code problem;
  const auto ip = asio::ip::make_address(address, problem);
  if (problem) throw Failure(ErrorKind::unavailable, what + "not an IP address");
  const Tcp::endpoint endpoint(ip, port);
  const auto check = [&problem, &what] {
    if (problem) throw Failure(ErrorKind::unavailable, what + problem.message());
  };
  Acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), problem);
  check();
  acceptor.set_option(Acceptor::reuse_address(true), problem);
  check();
  const int on = 1;
  if (sharing == PortSharing::shared &&
      setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    problem.assign(errno, boost::system::system_category());
    check();
  }
  acceptor.bind(endpoint, problem);
  check();
  acceptor.listen(Acceptor::max_listen_connections, problem);
  check();
  return acceptor;
}

bool out_of_resources(const boost::system::error_code& problem) {
  return problem == boost::system::errc::too_many_files_open ||
         problem == boost::system::errc::too_many_files_open_in_system ||
         problem == asio::error::no_buffer_space || problem == asio::error::no_memory;
}

}  // namespace

struct Server::State {
  State(Executor executor, Handler& handler, ServerLimits limits, TimerWheel& wheel)
      : sessions{.handler = handler, .limits = limits, .wheel = wheel, .turn_end{executor}},
        connections(executor, "http connections"),
        accepting(executor, "http accept") {}

  Task<void> accept(Acceptor& acceptor);
  void take(Socket socket);
  Task<void> serve(Socket socket);
  Task<void> turn_away(Socket socket);

  Sessions sessions;
  TaskGroup connections;
  TaskGroup accepting;
  std::list<Acceptor> acceptors;
};

Server::Server(Executor executor, Handler& handler, ServerLimits limits, TimerWheel& wheel)
    : state_(std::make_unique<State>(executor, handler, limits, wheel)) {}

Server::~Server() = default;

std::uint16_t Server::listen(std::string_view address, std::uint16_t port, PortSharing sharing) {
  auto& acceptor =
      state_->acceptors.emplace_back(bound(state_->connections.executor(), address, port, sharing));
  state_->accepting.spawn(state_->accept(acceptor));
  return acceptor.local_endpoint().port();
}

Task<void> Server::drain(std::chrono::milliseconds limit) {
  auto& sessions = state_->sessions;
  sessions.draining = true;
  boost::system::error_code closed;
  for (auto& acceptor : state_->acceptors) acceptor.close(closed);
  state_->accepting.cancel();
  auto accepting_ends = state_->accepting.join();
  co_await std::move(accepting_ends);
  for (auto* session : sessions.alive) session->drain();
  TimerWheel::Timer deadline(sessions.wheel, [this] {
    for (auto* session : state_->sessions.alive) session->cut();
    state_->connections.cancel();
  });
  deadline.arm(limit);
  auto connections_end = state_->connections.join();
  co_await std::move(connections_end);
}

const ServerCounters& Server::counters() const {
  return state_->sessions.counters;
}

Task<void> Server::State::accept(Acceptor& acceptor) {
  while (acceptor.is_open()) {
    boost::system::error_code problem;
    auto token = asio::redirect_error(use_task, problem);
    auto accepted = acceptor.async_accept(std::move(token));
    auto socket = co_await std::move(accepted);
    if (!problem) {
      take(std::move(socket));
    } else if (out_of_resources(problem)) {
      log(LogLevel::warn, "a connection cannot be accepted", {{"error", problem.message()}});
      asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                 Executor>
          pause(connections.executor(), pause_when_exhausted);
      auto pausing = pause.async_wait(use_task);
      co_await std::move(pausing);
    }
  }
}

void Server::State::take(Socket socket) {
  ++sessions.counters.connections_accepted;
  if (sessions.alive.size() < sessions.limits.connections_max) {
    connections.spawn(serve(std::move(socket)));
  } else if (sessions.alive.size() < sessions.limits.connections_max + turned_away_max) {
    connections.spawn(turn_away(std::move(socket)));
  } else {
    ++sessions.counters.connections_refused;
  }
}

Task<void> Server::State::serve(Socket socket) {
  Session session(std::move(socket), sessions);
  auto running = session.run();
  co_await std::move(running);
}

Task<void> Server::State::turn_away(Socket socket) {
  Session session(std::move(socket), sessions);
  auto refusing = session.turn_away();
  co_await std::move(refusing);
}

}  // namespace poly::http
