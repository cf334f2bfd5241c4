#include "process/channel.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

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

bool send_with_descriptors(int socket, std::string_view text, std::span<const int> descriptors) {
  iovec part{const_cast<char*>(text.data()), text.size()};
  // The allocator aligns it as a header has to be.
  std::vector<char> room(CMSG_SPACE(descriptors.size_bytes()));
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
  std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

}  // namespace poly::process
