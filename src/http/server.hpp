// The HTTP/1.1 server of one event loop (RFC 9110, 9112): accepts connections, reads requests, asks a
// Handler. One server for each loop of the process; they share a port through SO_REUSEPORT and nothing else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/timer_wheel.hpp"
#include "http/handler.hpp"

namespace poly::http {

struct ServerLimits {
  std::size_t connections_max = 10'000;                // beyond: 503, and closed
  std::size_t head_bytes_max = std::size_t{64} << 10;  // request line and headers; beyond: 431
  std::chrono::milliseconds head_time_max{15'000};   // from the first byte of a head to its last; beyond: 408
  std::chrono::milliseconds body_time_max{120'000};  // for the whole body; beyond: 408
  std::chrono::milliseconds write_time_max{120'000};  // for a client to take one answer; beyond: cut
  std::chrono::milliseconds stalled_reader_time_max{
      30'000};  // without taking a byte of a streamed answer; beyond: cut
  std::chrono::milliseconds keep_alive_idle{90'000};  // between requests; beyond: closed
  std::size_t discard_bytes_max = std::size_t{64}
                                  << 10;  // of a refused body, read so that the answer arrives
  std::chrono::milliseconds discard_time_max{2'000};
};

// Since the start, on this loop. Read on the loop, or accept that a number may be a moment old.
struct ServerCounters {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // beyond connections_max
  std::uint64_t connections_active = 0;   // now
  std::uint64_t requests = 0;             // heads that were read whole
  std::uint64_t requests_refused = 0;     // answered here, before any handler
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
};

enum class PortSharing { exclusive, shared };

class Server final {
 public:
  // All collaborators outlive the server. All members are called on the loop of the executor.
  Server(Executor executor, Handler& handler, ServerLimits limits, TimerWheel& wheel);
  ~Server();  // drained, or never listened
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds an IP address and starts to accept; port 0 picks a free one. Returns the port. May be called for
  // more addresses. Throws Failure{unavailable} saying which address cannot be had and why.
  std::uint16_t listen(std::string_view address, std::uint16_t port,
                       PortSharing sharing = PortSharing::exclusive);

  // Stops accepting, closes idle connections at once, lets requests in flight finish with `Connection:
  // close`, and cancels what is left after `limit`. Returns when every connection is gone.
  Task<void> drain(std::chrono::milliseconds limit);

  const ServerCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace poly::http
