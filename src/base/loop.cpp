#include "base/loop.hpp"

#include <pthread.h>

namespace poly {

namespace {
thread_local std::size_t loop_of_this_thread = no_loop;
}

std::size_t current_loop() {
  return loop_of_this_thread;
}

Loop::Loop(std::string name, std::size_t index) : work_(context_.get_executor()) {
  thread_ = std::thread([this, name = std::move(name), index] {
    loop_of_this_thread = index;
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    context_.run();
  });
}

Loop::~Loop() {
  stop_and_join();
}

void Loop::stop_and_join() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

LoopGroup::LoopGroup(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    loops_.push_back(std::make_unique<Loop>("loop-" + std::to_string(i), i));
}

void LoopGroup::stop_and_join() {
  for (auto& loop : loops_) loop->stop_and_join();
}

}  // namespace poly
