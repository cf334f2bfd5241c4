#include "process/fork_server.hpp"

#include <charconv>
#include <cstring>

#include <boost/asio/redirect_error.hpp>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"
#include "process/channel.hpp"

namespace poly::process {
namespace {

constexpr std::size_t report_bytes_max = 4096;

struct Report {
  std::string text;
  pid_t sender = 0;  // as we see it, whatever namespace it is in
};

// What one process said; nothing when there is nothing yet, and an empty text at the end.
std::optional<Report> receive(int socket) {
  Report report;
  report.text.resize(report_bytes_max);
  iovec part{report.text.data(), report.text.size()};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof(room);
  const auto read = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (read < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  report.text.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
  for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) continue;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(header), sizeof(sender));
    report.sender = sender.pid;
  }
  return report;
}

std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

template <class Number>
Number number_in(std::string_view word) {
  Number number = 0;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? describe_signal(WTERMSIG(status)) : describe_exit(WEXITSTATUS(status));
}

// The template reaps its children; without it nobody knows how they ended.
Task<std::string> wait_for_status(std::shared_ptr<OneShot<int>> ending) {
  std::optional<int> status;
  try {
    auto waiting = ending->wait();
    status = co_await std::move(waiting);
  } catch (const Failure&) {
    co_return "ended";
  }
  co_return how_it_ended(*status);
}

}  // namespace

struct ForkServer::Request {
  Request(Executor executor, Channel given, std::unique_ptr<SandboxSlot> place)
      : born(executor), channel(std::move(given)), slot(std::move(place)) {}
  OneShot<std::unique_ptr<Process>> born;
  Channel channel;
  std::unique_ptr<SandboxSlot> slot;
};

Result<std::unique_ptr<ForkServer>> ForkServer::start(Executor executor, const Command& command) {
  auto process = Process::start(executor, command);
  if (!process) return std::unexpected(std::move(process).error());
  const int on = 1;
  ::setsockopt((*process)->socket().native_handle(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
  std::unique_ptr<ForkServer> server(new ForkServer(executor, std::move(*process)));
  server->tasks_.spawn(server->read_reports());
  server->tasks_.spawn(server->watch_end());
  return server;
}

ForkServer::ForkServer(Executor executor, std::unique_ptr<Process> process)
    : executor_(executor), template_(std::move(process)), tasks_(executor, "fork server") {}

ForkServer::~ForkServer() = default;

Task<std::unique_ptr<Process>> ForkServer::fork(Command command) {
  if (ended_) throw Failure(ErrorKind::unavailable, "the process that forks workers is gone");
  if (requests_.size() >= forks_in_flight_max) {
    throw Failure(ErrorKind::unavailable, "256 workers are being forked already");
  }
  auto channel = value_or_throw(Channel::open());
  auto slot = value_or_throw(take_slot(command));
  const auto number = next_number_++;
  auto text = "fork " + std::to_string(number) + "\n";
  for (const auto& argument : launch_arguments(command, slot.get())) text += argument + "\n";
  Request request(executor_, std::move(channel), std::move(slot));
  requests_.emplace(number, &request);
  const int ends[]{request.channel.their_socket.get(), request.channel.their_output.get()};
  if (!send_with_descriptors(template_->socket().native_handle(), text, ends)) {
    requests_.erase(number);
    throw Failure(ErrorKind::unavailable,
                  std::string("a worker could not be asked for: ") + std::strerror(errno));
  }
  auto waiting = request.born.wait();
  co_return co_await std::move(waiting);
}

Task<void> ForkServer::read_reports() {
  for (;;) {
    auto report = receive(template_->socket().native_handle());
    if (!report) {
      boost::system::error_code problem;
      auto token = boost::asio::redirect_error(use_task, problem);
      co_await template_->socket().async_wait(Process::Socket::wait_read, std::move(token));
      if (problem) co_return;
      continue;
    }
    if (report->text.empty()) co_return;  // watch_end() tells why
    std::string_view rest = report->text;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      handle(rest.substr(0, end), report->sender);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

void ForkServer::handle(std::string_view line, pid_t sender) {
  const auto what = take_word(line);
  if (what == "forked") {
    const auto number = number_in<std::uint32_t>(take_word(line));
    return forked(number, number_in<pid_t>(take_word(line)), sender);
  }
  if (what == "ended") {
    const auto child = endings_.find(number_in<pid_t>(take_word(line)));
    if (child == endings_.end()) return;
    child->second->deliver(number_in<int>(take_word(line)));
    endings_.erase(child);
    return;
  }
  const auto request = requests_.find(number_in<std::uint32_t>(take_word(line)));
  if (request == requests_.end()) return;
  request->second->born.deliver(
      fail(ErrorKind::unavailable, "a worker could not be forked: " + std::string(line)));
  requests_.erase(request);
}

void ForkServer::forked(std::uint32_t number, pid_t named, pid_t real) {
  const auto request = requests_.find(number);
  if (request == requests_.end()) return;
  auto& born = request->second->born;
  auto& channel = request->second->channel;
  auto& slot = request->second->slot;
  requests_.erase(request);
  const auto ending = std::make_shared<Ending>(executor_);
  auto process = Process::adopt(executor_, real, std::move(channel), std::move(slot),
                                [ending] { return wait_for_status(ending); });
  if (process) endings_[named] = ending;
  born.deliver(std::move(process));
}

Task<void> ForkServer::watch_end() {
  auto ending = template_->wait_for_end();
  const auto end = co_await std::move(ending);
  ended_ = true;
  boost::system::error_code ignored;
  template_->socket().close(ignored);
  give_up(end);
}

void ForkServer::give_up(const std::string& reason) {
  const auto failure = [&reason] {
    return fail(ErrorKind::unavailable, "the process that forks workers " + reason);
  };
  for (const auto& [number, request] : std::exchange(requests_, {})) request->born.deliver(failure());
  for (const auto& [pid, ending] : std::exchange(endings_, {})) ending->deliver(failure());
}

Task<void> ForkServer::close() {
  template_->kill();
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::process
