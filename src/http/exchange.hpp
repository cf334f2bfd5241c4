// One call of the client from its start to its answer: a connection, the request out, the response in.
// Internal to the room.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/timer_wheel.hpp"
#include "http/client.hpp"
#include "http/connection_pool.hpp"
#include "http/content_coding.hpp"
#include "http/parser.hpp"
#include "http/turn_end.hpp"

namespace poly::http {

// What all calls of one client share.
struct ClientParts {
  Executor executor;
  TimerWheel& wheel;
  const ClientOptions& options;
  boost::asio::ssl::context& tls;
  ConnectionPool& pool;
  TurnEnd& turn_end;
  ClientCounters& counters;
};

class Exchange final {
 public:
  Exchange(ClientParts parts, ClientRequest request);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Task<ClientResponse> run();

 private:
  enum class End {
    answered,
    connection_was_gone,  // before any byte of an answer, and the request may be sent again
  };
  using Endpoints = std::vector<Tcp::endpoint>;

  Task<void> wait_for_lease();
  Task<void> connect();
  Task<Endpoints> resolve();
  Task<void> connect_to_any(Endpoints endpoints);
  Task<void> start_tls();
  Task<End> send_and_receive();
  Task<End> receive();

  Endpoints permitted(const Endpoints& found) const;
  void interrupt();
  void check_total() const;
  void begin_pieces(ResponseParser& parser);
  void begin_decoding(const ResponseParser& parser);
  void decode(std::string_view piece);
  void end_decoding();
  Task<void> hand_over(std::string piece);
  void check_head(const ResponseParser& parser) const;
  bool may_retry();
  std::string broken_off(const ResponseParser& parser);
  void take(ResponseParser& parser);

  PeerView peer() const;
  std::chrono::microseconds since(Instant start) const;
  std::chrono::milliseconds left_to_connect() const;
  [[noreturn]] void fail(ErrorKind kind, std::string_view reason, std::string_view code = {}) const;

  ClientParts parts_;
  ClientRequest request_;
  const Instant started_;
  Instant connect_started_;
  TimerWheel::Timer total_;
  TimerWheel::Timer connecting_;
  bool total_passed_ = false;
  bool connecting_passed_ = false;
  Wake* wake_ = nullptr;  // what is waited for, when it is not the connection
  Lease lease_;
  std::string head_;
  bool anything_received_ = false;
  bool in_pieces_ = false;                   // the body is being handed over as it comes
  std::unique_ptr<ContentDecoder> decoder_;  // when the body is compressed and is to be decoded
  std::string decoded_;
  ClientResponse response_;
};

}  // namespace poly::http
