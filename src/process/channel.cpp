#include "process/channel.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poly::process {
namespace {

std::unexpected<Error> failed(const char* what) {
  return fail(ErrorKind::unavailable,
              std::string("a worker process could not be started: ") + what + ": " + std::strerror(errno));
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Fd& Fd::operator=(Fd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Result<Channel> Channel::open() {
  Channel channel;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failed("socketpair");
  channel.our_socket = Fd(ends[0]);
  channel.their_socket = Fd(ends[1]);
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed("pipe");
  channel.our_output = Fd(ends[0]);
  channel.their_output = Fd(ends[1]);
  ::fcntl(channel.our_socket.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(channel.our_output.get(), F_SETFL, O_NONBLOCK);
  return channel;
}

}  // namespace poly::process
