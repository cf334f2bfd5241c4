// Frames over the socket of a worker, both ways. All of it belongs to one loop.
#pragma once

#include <functional>
#include <memory>

#include "base/task_group.hpp"
#include "process/process.hpp"
#include "runtime/frame.hpp"

namespace poly::runtime {

class FrameChannel final {
 public:
  // What writes on when the socket takes no more runs in `tasks`.
  FrameChannel(process::Process::Socket& socket, TaskGroup& tasks) : socket_(socket), tasks_(tasks) {}
  FrameChannel(const FrameChannel&) = delete;
  FrameChannel& operator=(const FrameChannel&) = delete;

  // Gives each frame to `handle`, a view that lasts as long as its call. Returns when the other end has
  // closed, or else what is wrong with the stream: that it cannot be cut into frames, or what `handle` said.
  Task<Result<void>> read(std::function<Result<void>(const Frame&)> handle);

  // Goes out at the end of this turn of the loop, so that all frames of the turn are one write; nowhere after
  // close(). Throws too_large when header and body do not fit a frame.
  void send(FrameKind kind, std::uint32_t id, std::string_view header = {}, std::string_view body = {});

  void close();

 private:
  void flush();
  Task<void> write_rest();

  process::Process::Socket& socket_;
  TaskGroup& tasks_;
  FrameReader frames_;
  std::string outgoing_;
  bool flush_scheduled_ = false;
  bool writing_ = false;
  bool closed_ = false;
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);  // seen by what is posted
};

}  // namespace poly::runtime
