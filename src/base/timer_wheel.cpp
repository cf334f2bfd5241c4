#include "base/timer_wheel.hpp"

#include <algorithm>
#include <bit>

#include "base/error.hpp"

namespace poly {

void TimerWheel::Link::unlink() {
  previous->next = next;
  next->previous = previous;
  previous = next = this;
}

void TimerWheel::Link::insert_before(Link& other) {
  previous = other.previous;
  next = &other;
  previous->next = this;
  other.previous = this;
}

void TimerWheel::Link::take_all(Link& list) {
  if (list.alone()) return;
  previous->next = list.next;
  list.next->previous = previous;
  list.previous->next = this;
  previous = list.previous;
  list.previous = list.next = &list;
}

void TimerWheel::Timer::arm(std::chrono::milliseconds after) {
  arm_at(wheel_.clock_.instant() + std::min<std::chrono::milliseconds>(after, delay_max));
}

void TimerWheel::Timer::arm_at(Instant when) {
  disarm();
  // A tick that has run does not come again: the earliest is the one after it.
  tick_ = std::max(wheel_.ticks_until(when), wheel_.current_ + 1);
  armed_ = true;
  ++wheel_.armed_count_;
  wheel_.insert(*this);
  if (wheel_.advancing_) return;  // advance() goes to sleep anew when it ends
  const auto wake = wheel_.next_expiry().tick;
  if (wake < wheel_.sleeping_until_) wheel_.sleep_until(wake);
}

void TimerWheel::Timer::disarm() {
  if (!armed_) return;
  armed_ = false;
  --wheel_.armed_count_;
  wheel_.remove(*this);
}

TimerWheel::TimerWheel(Executor executor, const Clock& clock, std::chrono::milliseconds tick)
    : clock_(clock), tick_(tick), start_(clock.instant()), sleeper_(executor) {
  CHECK(tick.count() > 0);
}

TimerWheel::~TimerWheel() {
  CHECK(armed_count_ == 0);
  *alive_ = false;
}

TimerWheel::Handle TimerWheel::schedule(std::chrono::milliseconds after, std::function<void()> on_passed) {
  auto timer = std::make_unique<Timer>(*this, std::move(on_passed));
  timer->arm(after);
  return timer;
}

std::uint64_t TimerWheel::ticks_until(Instant when) const {
  if (when <= start_) return 0;
  const auto after = std::chrono::duration_cast<std::chrono::nanoseconds>(when - start_);
  return static_cast<std::uint64_t>((after.count() - 1) / tick_.count() + 1);
}

// The level is that of the highest digit in which the timer's tick and the current one differ; when time
// reaches that digit, the slot's timers move to finer levels.
void TimerWheel::insert(Timer& timer) {
  const auto differing = (timer.tick_ ^ current_) | (slots_per_level - 1);
  const auto level = (std::bit_width(differing) - 1) / level_bits;
  const auto digit = (timer.tick_ >> (level * level_bits)) & (slots_per_level - 1);
  timer.slot_ = static_cast<std::uint16_t>(level * slots_per_level + digit);
  timer.insert_before(slots_[timer.slot_]);
  occupied_[level] |= std::uint64_t{1} << digit;
}

void TimerWheel::remove(Timer& timer) {
  timer.unlink();
  if (timer.slot_ == due_slot || !slots_[timer.slot_].alone()) return;
  occupied_[timer.slot_ / slots_per_level] &= ~(std::uint64_t{1} << (timer.slot_ % slots_per_level));
}

// Slots of a finer level always come before those of a coarser one, and within a level digits only grow.
TimerWheel::Expiry TimerWheel::next_expiry() const {
  for (unsigned level = 0; level < levels; ++level) {
    if (occupied_[level] == 0) continue;
    const auto digit = static_cast<unsigned>(std::countr_zero(occupied_[level]));
    const auto shift = level * level_bits;
    const auto base = current_ >> (shift + level_bits) << (shift + level_bits);
    return {base + (std::uint64_t{digit} << shift),
            static_cast<std::uint16_t>(level * slots_per_level + digit)};
  }
  return {};
}

void TimerWheel::advance() {
  if (advancing_) return;
  advancing_ = true;
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.instant() - start_);
  const auto reached = static_cast<std::uint64_t>(elapsed / tick_);
  for (auto next = next_expiry(); next.tick <= reached; next = next_expiry()) {
    current_ = std::max(current_, next.tick);
    run_slot(next.slot);
  }
  // An empty stretch is crossed at once, but never into a digit that holds timers.
  current_ = std::max(current_, reached);
  advancing_ = false;
  sleep_again();
}

void TimerWheel::run_slot(std::uint16_t slot) {
  Link& due = slots_[due_slot];
  due.take_all(slots_[slot]);
  occupied_[slot / slots_per_level] &= ~(std::uint64_t{1} << (slot % slots_per_level));
  for (Link* link = due.next; link != &due; link = link->next) static_cast<Timer*>(link)->slot_ = due_slot;
  while (!due.alone()) {
    auto& timer = *static_cast<Timer*>(due.next);
    if (timer.tick_ > current_) {
      timer.unlink();
      insert(timer);
      continue;
    }
    timer.disarm();
    const auto on_passed = timer.on_passed_;  // a copy: it may destroy its timer
    on_passed();
  }
}

void TimerWheel::sleep_again() {
  sleeping_until_ = never;
  const auto next = next_expiry().tick;
  if (next != never) sleep_until(next);
}

void TimerWheel::sleep_until(std::uint64_t tick) {
  sleeping_until_ = tick;
  const Instant due = start_ + tick_ * static_cast<std::int64_t>(tick);
  sleeper_.expires_after(std::max(due - clock_.instant(), Instant::duration(0)));
  sleeper_.async_wait([this, alive = alive_](boost::system::error_code stopped) {
    if (!stopped && *alive) advance();
  });
}

}  // namespace poly
