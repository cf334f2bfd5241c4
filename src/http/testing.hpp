// What the tests of this room share: a loop with time moved by hand, raw peers that send any bytes, real
// sockets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/socket.hpp"

namespace poly::http::testing {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// One loop in the test's own thread.
struct World {
  asio::io_context context;
  ManualClock clock{Timestamp{}};
  TimerWheel wheel{context.get_executor(), clock};

  Executor executor() { return context.get_executor(); }

  // Lets time go by, and what has become due run, on the loop.
  void pass(milliseconds by) {
    clock.advance(by);
    on_loop([this] { wheel.advance(); });
  }

  void on_loop(const std::function<void()>& work) {
    bool done = false;
    asio::post(context, [&work, &done] {
      work();
      done = true;
    });
    run_until([&done] { return done; });
  }

  // Runs the loop until the task has ended; a task that does not end fails the test.
  template <class T>
  T run(Task<T> task) {
    std::exception_ptr problem;
    std::optional<T> value;
    bool done = false;
    asio::co_spawn(context, std::move(task), [&problem, &value, &done](std::exception_ptr thrown, T result) {
      done = true;
      problem = thrown;
      if (!thrown) value.emplace(std::move(result));
    });
    run_until([&done] { return done; });
    if (problem) std::rethrow_exception(problem);
    return std::move(*value);
  }
  void run(Task<void> task) {
    std::exception_ptr problem;
    bool done = false;
    asio::co_spawn(context, std::move(task), [&problem, &done](std::exception_ptr thrown) {
      done = true;
      problem = thrown;
    });
    run_until([&done] { return done; });
    if (problem) std::rethrow_exception(problem);
  }

  // Runs the loop until all wait for each other.
  void run_until_idle() {
    context.restart();
    while (context.run_one_for(milliseconds(200)) > 0) {
    }
  }

  void run_until(const std::function<bool()>& reached) {
    context.restart();
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!reached()) {
      context.run_one_for(milliseconds(200));
      if (std::chrono::steady_clock::now() > give_up)
        throw std::runtime_error("the test waits for something that does not come");
    }
  }
};

// Answers by a function that the test gives; admits every body up to `body_bytes_max` unless told otherwise.
class TestHandler final : public Handler {
 public:
  std::function<Task<Response>(Request)> reply = &TestHandler::echo;
  std::function<std::optional<Response>(const Request&)> refuse;
  std::size_t body_bytes_max = 1000;
  std::vector<Request> seen;

  std::variant<Admitted, Response> admit(const Request& request) override {
    if (refuse) {
      if (auto response = refuse(request)) return std::move(*response);
    }
    return Admitted{body_bytes_max};
  }

  Task<Response> handle(Request request, Admitted) override {
    seen.push_back(request);
    auto replying = reply(std::move(request));
    co_return co_await std::move(replying);
  }

  static Task<Response> echo(Request request) {
    Response response;
    response.body = std::string(to_string(request.method)) + " " + request.target + " " + request.body;
    co_return response;
  }
};

// A server on a free port of 127.0.0.1 that is drained at the end.
struct RunningServer {
  RunningServer(World& in, Handler& handler, ServerLimits limits = {})
      : world(in), server(in.executor(), handler, limits, in.wheel), port(server.listen("127.0.0.1", 0)) {}
  ~RunningServer() {
    bool done = false;
    asio::co_spawn(world.context, server.drain(milliseconds(0)),
                   [&done](std::exception_ptr) { done = true; });
    world.run_until([this, &done] {
      world.pass(milliseconds(10));
      return done;
    });
  }

  World& world;
  Server server;
  std::uint16_t port;
};

// A client that sends whatever bytes the test says.
class RawPeer final {
 public:
  RawPeer(World& world, std::uint16_t port) : world_(world), socket_(world.executor()) {
    socket_.connect(Tcp::endpoint(asio::ip::address_v4::loopback(), port));
  }
  RawPeer(World& world, Socket socket) : world_(world), socket_(std::move(socket)) {}

  void send(std::string_view bytes) {
    boost::system::error_code gone;
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), gone);
  }
  void half_close() { socket_.shutdown(Socket::shutdown_send); }
  void close() { socket_.close(); }

  // Everything that comes until `end` was seen, or the other side closed.
  std::string read_until(std::string end) { return world_.run(reading(std::move(end))); }
  std::string read_to_end() { return world_.run(reading(std::string())); }

 private:
  Task<std::string> reading(std::string end) {
    std::string got;
    std::string piece(16 << 10, '\0');
    while (end.empty() || got.find(end) == std::string::npos) {
      boost::system::error_code closed;
      auto token = asio::redirect_error(use_task, closed);
      const auto room = asio::buffer(piece);
      auto waiting = socket_.async_read_some(room, std::move(token));
      const auto count = co_await std::move(waiting);
      got.append(piece, 0, count);
      if (closed) break;
    }
    co_return got;
  }

  World& world_;
  Socket socket_;
};

// Sends one text, says that no more comes, and gives back all that was answered.
inline std::string talk(World& world, std::uint16_t port, std::string_view bytes) {
  RawPeer peer(world, port);
  peer.send(bytes);
  peer.half_close();
  return peer.read_to_end();
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

}  // namespace poly::http::testing
