#include "journal/live_lines.hpp"

#include <boost/asio/post.hpp>

namespace poly::journal {

LiveLines::Subscription LiveLines::subscribe(Watch watch) {
  auto subscription = std::make_shared<const Watch>(std::move(watch));
  const std::lock_guard lock(mutex_);
  std::erase_if(watches_, [](const auto& known) { return known.expired(); });
  watches_.push_back(subscription);
  count_ = watches_.size();
  return subscription;
}

void LiveLines::publish(const LogLine& line) {
  if (count_.load(std::memory_order_relaxed) == 0) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(watches_, [](const auto& known) { return known.expired(); });
  count_ = watches_.size();
  for (const auto& known : watches_) {
    const auto watch = known.lock();
    if (!watch) continue;
    if (watch->resource && *watch->resource != line.resource) continue;
    if (watch->execution && watch->execution != line.execution) continue;
    boost::asio::post(watch->executor, [known, line] {
      if (const auto still = known.lock()) still->hear(line);
    });
  }
}

}  // namespace poly::journal
