#include "runtime/concurrency_window.hpp"

#include <algorithm>

namespace poly::runtime {

using std::chrono::nanoseconds;

ConcurrencyWindow::ConcurrencyWindow(std::chrono::milliseconds length, std::size_t slices)
    : slice_(
          std::max<nanoseconds>(nanoseconds(length) / static_cast<nanoseconds::rep>(slices), nanoseconds(1))),
      weights_(slices, 0) {}

void ConcurrencyWindow::set(Instant now, std::size_t calls) {
  advance(now);
  calls_ = calls;
}

void ConcurrencyWindow::advance(Instant now) {
  if (!started_) {
    started_ = true;
    first_ = head_began_ = counted_until_ = now;
    return;
  }
  now = std::max(now, counted_until_);
  const auto whole = slice_ * static_cast<nanoseconds::rep>(weights_.size());
  if (now - counted_until_ > whole) {  // all of the window saw the same number of calls
    std::ranges::fill(weights_, static_cast<double>(calls_) * static_cast<double>(slice_.count()));
    head_began_ = counted_until_ = now;
    weights_[head_] = 0;
    return;
  }
  while (counted_until_ < now) {
    const auto end = std::min<Instant>(head_began_ + slice_, now);
    weights_[head_] += static_cast<double>(calls_) * static_cast<double>((end - counted_until_).count());
    counted_until_ = end;
    if (end < head_began_ + slice_) break;
    head_ = (head_ + 1) % weights_.size();
    head_began_ = end;
    weights_[head_] = 0;
  }
}

double ConcurrencyWindow::average(Instant now, std::chrono::milliseconds span) {
  advance(now);
  // Slices are taken whole, from the newest on.
  auto covered = counted_until_ - head_began_;
  double weight = weights_[head_];
  const auto known = std::min<nanoseconds>(span, counted_until_ - first_);
  for (std::size_t back = 1; back < weights_.size() && covered < known; ++back) {
    weight += weights_[(head_ + weights_.size() - back) % weights_.size()];
    covered += slice_;
  }
  covered = std::min<nanoseconds>(covered, counted_until_ - first_);
  if (covered <= nanoseconds(0)) return static_cast<double>(calls_);
  return weight / static_cast<double>(covered.count());
}

}  // namespace poly::runtime
