#include "outbound/circuit_breaker.hpp"

namespace poly::outbound {

void CircuitBreaker::enter(State state) {
  state_ = state;
  ++period_;
  failures_ = 0;
  probing_ = false;
}

std::optional<CircuitBreaker::Admission> CircuitBreaker::admit(Instant now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::open && now >= open_until_) enter(State::half_open);
  if (state_ == State::open || probing_) return std::nullopt;
  probing_ = state_ == State::half_open;
  return Admission(*this, period_);
}

void CircuitBreaker::Admission::succeeded() {
  auto& breaker = *std::exchange(breaker_, nullptr);
  const std::lock_guard lock(breaker.mutex_);
  if (period_ != breaker.period_) return;
  if (breaker.state_ == State::half_open) breaker.enter(State::closed);
  breaker.failures_ = 0;
}

bool CircuitBreaker::Admission::failed(Instant now) {
  auto& breaker = *std::exchange(breaker_, nullptr);
  const std::lock_guard lock(breaker.mutex_);
  if (period_ != breaker.period_) return false;
  if (breaker.state_ == State::closed && ++breaker.failures_ < breaker.failures_max_) return false;
  breaker.enter(State::open);
  breaker.open_until_ = now + breaker.open_for_;
  return true;
}

CircuitBreaker::Admission::~Admission() {
  if (!breaker_) return;
  const std::lock_guard lock(breaker_->mutex_);
  if (period_ == breaker_->period_) breaker_->probing_ = false;
}

std::chrono::milliseconds CircuitBreaker::open_for(Instant now) const {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open || now >= open_until_) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(open_until_ - now);
}

CircuitBreaker::State CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace poly::outbound
