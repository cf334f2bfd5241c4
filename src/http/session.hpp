// One connection of the server: requests in, answers out, one after the other. Internal to the room.
#pragma once

#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/timer_wheel.hpp"
#include "http/body_source.hpp"
#include "http/handler.hpp"
#include "http/parser.hpp"
#include "http/read_buffer.hpp"
#include "http/serialize.hpp"
#include "http/server.hpp"
#include "http/socket.hpp"
#include "http/turn_end.hpp"

namespace poly::http {

class Session;

// What all connections of one server share.
struct Sessions {
  Handler& handler;
  const ServerLimits limits;
  TimerWheel& wheel;
  TurnEnd turn_end;
  ServerCounters counters{};
  DateLine date{};
  bool draining = false;
  std::list<Session*> alive{};
};

class Session final {
 public:
  Session(Socket socket, Sessions& all);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Returns when the connection has ended, however it ended.
  Task<void> run();
  // Answers 503 without reading a request, for a connection beyond the limit.
  Task<void> turn_away();

  // Ends the connection if it waits for a request; one that serves a request ends after it, and a body
  // without an end of its own is told to end.
  void drain();
  // Ends a streamed answer where it is, and the connection with it.
  void cut();

 private:
  enum class WaitsFor { nothing, request, rest_of_head };
  struct Refusal {
    int status;
    std::string message;
  };

  Task<void> serve();
  Task<bool> read_body(std::size_t bytes_max);
  Task<void> refuse(Refusal refusal);
  Task<void> refuse(Response response);
  Task<void> write_rest(std::string_view head, std::string_view body);
  Task<void> discard_input();

  // The read itself, not a coroutine around it: it is awaited for every request. Fails through problem_.
  Task<std::size_t> read_some(std::span<char> room);
  bool received(std::size_t count);

  Parsed parse();
  bool wait_for_head();
  std::optional<Refusal> unacceptable() const;
  Task<void> answer(Response response);
  BodyFraming begin_answer(Response& response);
  Task<void> stream(BodyFraming framing);
  Task<void> send_pieces(BodyFraming framing);
  Task<void> write_piece(std::string_view head, std::string_view body);
  bool read_ahead();
  void reset();
  bool write_now(std::string_view& head, std::string_view& body);
  void arm(std::chrono::milliseconds limit);

  Socket socket_;
  Sessions& all_;
  std::list<Session*>::iterator place_;
  TimerWheel::Timer deadline_;
  ReadBuffer input_;
  std::optional<RequestParser> parser_;
  std::string output_;
  std::shared_ptr<BodySource> streaming_;  // of the answer being sent
  std::string peer_;
  boost::system::error_code problem_;
  WaitsFor waits_for_ = WaitsFor::nothing;
  bool too_late_ = false;
  bool open_ = true;     // another request may follow
  bool broken_ = false;  // nothing reaches the client any more
};

}  // namespace poly::http
