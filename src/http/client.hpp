// The HTTP/1.1 client of one event loop: keeps connections alive in a pool, checks addresses and
// certificates, holds deadlines. It follows no redirects and keeps no cookies.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/task.hpp"
#include "base/timer_wheel.hpp"
#include "http/address_filter.hpp"
#include "http/client_certificate.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace poly::http {

struct ClientLimits {
  std::size_t connections_per_origin_max = 64;
  std::size_t waiting_per_origin_max = 1024;  // calls that wait for a connection; beyond: too_many_requests
  std::size_t idle_connections_max = 512;     // of all origins; beyond: the longest idle is closed
  std::chrono::milliseconds idle_time_max{60'000};
};

struct ClientOptions {
  ClientLimits limits;
  AddressFilter addresses;
  std::string extra_ca_file;  // PEM, trusted beside the system's certificates; "" for none
  std::string user_agent = "OpenPoly";
};

struct ClientRequest {
  Method method = Method::get;
  Url url;
  // Host, User-Agent and Accept are filled in when absent. Content-Length, Connection and the other headers
  // that belong to the connection are the client's own; here they are ignored.
  Headers headers;
  std::string body;
  // Shown to a server that asks for one. Its connections serve no request with another one, or none.
  std::shared_ptr<const ClientCertificate> certificate = nullptr;
  std::chrono::milliseconds connect_timeout{10'000};       // name, connection and TLS together
  std::chrono::milliseconds total_timeout{30'000};         // waiting for a free connection included
  std::size_t response_bytes_max = std::size_t{16} << 20;  // decoded ones too

  // Asks for a compressed body, unless Accept-Encoding or Range is among the headers, and gives it decoded,
  // without its Content-Encoding and Content-Length. A coding that is not known, a part of a body (206) and
  // pieces (below) stay as they came.
  bool decodes_body = false;

  // When set, the body of an answer of status 200 to 299 is handed over piece by piece as it comes, and the
  // response has none. The next piece is read when the task has ended; what the task throws ends the call.
  // Such a body may have any size, and total_timeout ends with the head.
  std::function<Task<void>(std::string piece)> on_piece = nullptr;
  std::chrono::milliseconds silence_timeout{60'000};  // between two pieces
};

struct Timings {
  std::chrono::microseconds resolve{0};
  std::chrono::microseconds connect{0};
  std::chrono::microseconds tls{0};
  std::chrono::microseconds first_byte{0};  // from the start of the call
  std::chrono::microseconds total{0};
  bool reused = false;  // a kept-alive connection served it: the first three are zero
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
  Timings timings;
};

struct ClientCounters {
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  std::uint64_t retries = 0;  // on a fresh connection, after a kept-alive one had gone away
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_reused = 0;
  std::uint64_t connections_open = 0;  // now, idle ones included
  std::uint64_t connections_idle = 0;  // now
  std::uint64_t waiting = 0;           // now
};

class Client final {
 public:
  // Throws Failure{bad_request} when the CA file cannot be used. All members are called on the executor's
  // loop.
  Client(Executor executor, TimerWheel& wheel, ClientOptions options);
  ~Client();  // no call may be in flight
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Every status is an answer. Failures say "GET http://host: reason" (keys travel in path and query) and are
  // of kind
  //   bad_request        a header that no message can carry
  //   forbidden          an address that the filter denies
  //   too_many_requests  the queue for the origin is full
  //   too_large          more than response_bytes_max
  //   timeout            a time-out passed
  //   upstream           everything else: name, connection, certificate, protocol
  Task<ClientResponse> send(ClientRequest request);

  // Closes the connections that nobody uses.
  void close_idle();

  ClientCounters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace poly::http
