// An immutable value that the control plane replaces and every loop reads without a lock.
#pragma once

#include <boost/asio/post.hpp>

#include <memory>
#include <vector>

#include "base/loop.hpp"

namespace poly {

// Each loop holds its own pointer to the newest value; publishing hands every loop the new one in turn.
template <class T>
class Published final {
 public:
  using Pointer = std::shared_ptr<const T>;

  Published(LoopGroup& loops, Pointer initial) : loops_(loops), slots_(loops.size(), initial), newest_(std::move(initial)) {}
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  // What the calling loop sees: on a loop of the data plane its own pointer, elsewhere (the control loop) the
  // newest. Keep a copy of the pointer across a wait.
  const Pointer& here() const {
    const auto loop = current_loop();
    return loop == no_loop ? newest_ : slots_[loop];
  }

  // Returns when every loop sees `next`, so that whoever changed it may answer. Control loop only.
  Task<void> publish(Pointer next) {
    newest_ = next;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      auto replace = set(i, next);
      co_await run_on(loops_.at(i).executor(), std::move(replace));
    }
  }

  // Before the loops take any work.
  void set_initial(Pointer value) {
    newest_ = value;
    for (auto& slot : slots_) slot = value;
  }

 private:
  Task<void> set(std::size_t slot, Pointer next) {
    slots_[slot] = std::move(next);
    co_return;
  }

  LoopGroup& loops_;
  std::vector<Pointer> slots_;
  Pointer newest_;
};

}  // namespace poly
