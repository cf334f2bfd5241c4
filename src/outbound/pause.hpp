// A wait of set length on the wheel of a loop.
#pragma once

#include <chrono>

#include "base/one_shot.hpp"
#include "base/timer_wheel.hpp"

namespace poly::outbound {

inline Task<void> pause(Executor executor, TimerWheel& wheel, std::chrono::milliseconds time) {
  OneShot<void> over(executor);
  const auto timer = wheel.schedule(time, [&over] { over.deliver({}); });
  auto waiting = over.wait();
  co_await std::move(waiting);
}

}  // namespace poly::outbound
