// Which connection a call gets: an idle one, the right to open one within the limit, or a place in the queue.
// Internal to the room.
#pragma once

#include <deque>
#include <list>
#include <map>
#include <vector>

#include "base/timer_wheel.hpp"
#include "http/client.hpp"
#include "http/connection.hpp"
#include "http/wake.hpp"

namespace poly::http {

class ConnectionPool;
struct OriginConnections;

// Whom a connection leads to, and as whom: the fingerprint of the client's own certificate, "" without one.
struct PeerView {
  const Origin& origin;
  std::string_view certificate;
};

struct Peer {
  Origin origin;
  std::string certificate;

  operator PeerView() const { return {origin, certificate}; }
};

struct ByPeer {
  using is_transparent = void;
  bool operator()(PeerView a, PeerView b) const {
    const auto order = a.origin <=> b.origin;
    return order != 0 ? order < 0 : a.certificate < b.certificate;
  }
};

struct PooledConnection {
  explicit PooledConnection(Executor executor) : connection(executor) {}

  OutgoingConnection connection;
  OriginConnections* origin = nullptr;
  Instant idle_since{};
  Instant usable_until{};  // when the other side gives it up
};

// A call's right to one connection to a peer, with the connection when there is one. Both go back when it
// goes away: the connection to the idle ones if keep() was said, else it is closed.
class Lease final {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept { swap(other); }
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { give_back(); }

  bool held() const { return origin_ != nullptr; }
  bool has_connection() const { return !connection_.empty(); }
  OutgoingConnection& connection() { return connection_.front().connection; }
  // In place of the one it may have; not connected yet.
  OutgoingConnection& renew();
  // The connection may serve others, from `now` on and for `usable_for` at most.
  void keep(Instant now, std::chrono::milliseconds usable_for);

 private:
  friend class ConnectionPool;
  Lease(ConnectionPool& pool, OriginConnections& origin) : pool_(&pool), origin_(&origin) {}
  void swap(Lease& other) noexcept;
  void give_back();

  ConnectionPool* pool_ = nullptr;
  OriginConnections* origin_ = nullptr;
  std::list<PooledConnection> connection_;  // none or one; a list, so that it moves between owners as it is
  bool keep_ = false;
};

// A call that stands in the queue.
struct Waiter {
  explicit Waiter(Executor executor) : wake(executor) {}

  Wake wake;
  Lease lease;
};

struct OriginConnections {
  Peer name;
  std::size_t open = 0;                                     // leases given out, and idle connections
  std::vector<std::list<PooledConnection>::iterator> idle;  // the last was used last
  std::deque<Waiter*> waiting;
};

class ConnectionPool final {
 public:
  ConnectionPool(Executor executor, TimerWheel& wheel, ClientLimits limits, ClientCounters& counters);
  ~ConnectionPool();  // every lease has been given back
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // A lease, or one that is not held when all connections to the peer are at work.
  Lease try_lease(PeerView peer);
  // Stands in the queue: the waiter is rung with a lease in it. False when the queue is full.
  bool enqueue(PeerView peer, Waiter& waiter);
  // Leaves the queue, if the waiter is still in it.
  void leave(PeerView peer, Waiter& waiter);

  void close_idle();

 private:
  friend class Lease;

  void take_back(Lease& lease);
  void drop_idle(std::list<PooledConnection>::iterator connection);
  void drop_expired();
  void forget_if_unused(OriginConnections& origin);

  Executor executor_;
  const ClientLimits limits_;
  TimerWheel& wheel_;
  ClientCounters& counters_;
  std::map<Peer, OriginConnections, ByPeer> origins_;
  std::list<PooledConnection> idle_;  // of all origins, the longest idle first
  TimerWheel::Timer sweep_;
};

}  // namespace poly::http
