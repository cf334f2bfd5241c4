// What ties a child to us: a socket, and a pipe for its output.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace poly::process {

// A descriptor that is closed on leaving a scope unless released.
class Fd final {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Channel {
  Fd our_socket;    // does not block
  Fd our_output;    // does not block
  Fd their_socket;  // closed when a program is executed, as all of these
  Fd their_output;

  static Result<Channel> open();
};

// One message with open descriptors. Nothing of it is sent, or all.
bool send_with_descriptors(int socket, std::string_view text, std::span<const int> descriptors);

}  // namespace poly::process
