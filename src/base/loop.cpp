#include "base/loop.hpp"

#include <pthread.h>

#include "base/error.hpp"

namespace poly {

Loop::Loop(std::string name) : work_(context_.get_executor()) {
  thread_ = std::thread([this, name = std::move(name)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    context_.run();
  });
}

Loop::~Loop() { stop_and_join(); }

void Loop::stop_and_join() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

LoopGroup::LoopGroup(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>("loop-" + std::to_string(i)));
}

std::size_t LoopGroup::current() const {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (loops_[i]->executor().running_in_this_thread()) return i;
  }
  CHECK(!"called on a loop of the data plane");
  return 0;
}

void LoopGroup::stop_and_join() {
  for (auto& loop : loops_) loop->stop_and_join();
}

}  // namespace poly
