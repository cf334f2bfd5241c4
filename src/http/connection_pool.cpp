#include "http/connection_pool.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace poly::http {

Lease& Lease::operator=(Lease&& other) noexcept {
  Lease taken(std::move(other));
  swap(taken);
  return *this;
}

void Lease::swap(Lease& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(origin_, other.origin_);
  std::swap(keep_, other.keep_);
  connection_.swap(other.connection_);
}

OutgoingConnection& Lease::renew() {
  if (!connection_.empty()) --pool_->counters_.connections_open;
  connection_.clear();
  connection_.emplace_back(pool_->executor_).origin = origin_;
  ++pool_->counters_.connections_open;
  ++pool_->counters_.connections_opened;
  return connection();
}

void Lease::keep(Instant now, std::chrono::milliseconds usable_for) {
  connection_.front().idle_since = now;
  connection_.front().usable_until = now + usable_for;
  keep_ = true;
}

void Lease::give_back() {
  if (held()) pool_->take_back(*this);
}

ConnectionPool::ConnectionPool(Executor executor, TimerWheel& wheel, ClientLimits limits,
                               ClientCounters& counters)
    : executor_(executor), limits_(limits), wheel_(wheel), counters_(counters), sweep_(wheel, [this] {
        drop_expired();
      }) {}

ConnectionPool::~ConnectionPool() {
  close_idle();
  CHECK(origins_.empty());
}

Lease ConnectionPool::try_lease(PeerView peer) {
  auto found = origins_.find(peer);
  if (found == origins_.end()) {
    Peer name{peer.origin, std::string(peer.certificate)};
    found = origins_.try_emplace(name).first;
    found->second.name = std::move(name);
  }
  auto& origin = found->second;
  ++origin.open;  // before anything is dropped, so that the entry stays
  while (!origin.idle.empty()) {
    const auto last = origin.idle.back();
    if (last->usable_until <= wheel_.now()) {
      drop_idle(last);
      continue;
    }
    origin.idle.pop_back();
    --origin.open;
    --counters_.connections_idle;
    Lease lease(*this, origin);
    lease.connection_.splice(lease.connection_.begin(), idle_, last);
    return lease;
  }
  if (origin.open <= limits_.connections_per_origin_max) return Lease(*this, origin);
  --origin.open;
  return {};
}

bool ConnectionPool::enqueue(PeerView peer, Waiter& waiter) {
  auto& origin = origins_.find(peer)->second;
  if (origin.waiting.size() >= limits_.waiting_per_origin_max) return false;
  origin.waiting.push_back(&waiter);
  ++counters_.waiting;
  return true;
}

void ConnectionPool::leave(PeerView peer, Waiter& waiter) {
  const auto found = origins_.find(peer);
  if (found == origins_.end()) return;
  auto& waiting = found->second.waiting;
  counters_.waiting -= std::erase(waiting, &waiter);
}

void ConnectionPool::take_back(Lease& lease) {
  auto& origin = *lease.origin_;
  lease.origin_ = nullptr;
  if (!lease.keep_ && lease.has_connection()) {
    lease.connection_.clear();
    --counters_.connections_open;
  }
  if (!origin.waiting.empty()) {
    auto& waiter = *origin.waiting.front();
    origin.waiting.pop_front();
    --counters_.waiting;
    waiter.lease = Lease(*this, origin);
    waiter.lease.connection_.swap(lease.connection_);
    waiter.wake.ring();
    return;
  }
  if (!lease.has_connection()) {
    --origin.open;
    return forget_if_unused(origin);
  }
  if (idle_.size() >= limits_.idle_connections_max && !idle_.empty()) drop_idle(idle_.begin());
  const auto connection = lease.connection_.begin();
  connection->connection.input.shrink();
  idle_.splice(idle_.end(), lease.connection_);
  origin.idle.push_back(connection);
  ++counters_.connections_idle;
  if (!sweep_.armed()) sweep_.arm_at(idle_.front().idle_since + limits_.idle_time_max);
}

void ConnectionPool::drop_idle(std::list<PooledConnection>::iterator connection) {
  auto& origin = *connection->origin;
  std::erase(origin.idle, connection);
  idle_.erase(connection);
  --origin.open;
  --counters_.connections_idle;
  --counters_.connections_open;
  forget_if_unused(origin);
}

void ConnectionPool::drop_expired() {
  while (!idle_.empty() && idle_.front().idle_since + limits_.idle_time_max <= wheel_.now())
    drop_idle(idle_.begin());
  if (!idle_.empty()) sweep_.arm_at(idle_.front().idle_since + limits_.idle_time_max);
}

void ConnectionPool::close_idle() {
  while (!idle_.empty()) drop_idle(idle_.begin());
  sweep_.disarm();
}

void ConnectionPool::forget_if_unused(OriginConnections& origin) {
  if (origin.open > 0 || !origin.waiting.empty()) return;
  const auto name = origin.name;  // the key goes away with the entry
  origins_.erase(name);
}

}  // namespace poly::http
