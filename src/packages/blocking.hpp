// Work on the blocking pool that gives nothing but its end.
#pragma once

#include "base/loop.hpp"

namespace poly::packages {

template <class Work>
Task<void> run_blocking(BlockingPool& pool, Work work) {
  auto running = pool.run([work = std::move(work)] {
    work();
    return true;
  });
  co_await std::move(running);
}

}  // namespace poly::packages
