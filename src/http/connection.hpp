// One connection of the client, plain or TLS. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/task.hpp"
#include "http/client_certificate.hpp"
#include "http/read_buffer.hpp"
#include "http/socket.hpp"

namespace poly::http {

class OutgoingConnection final {
 public:
  using ErrorCode = boost::system::error_code;

  explicit OutgoingConnection(Executor executor) : socket_(executor) {}
  OutgoingConnection(const OutgoingConnection&) = delete;
  OutgoingConnection& operator=(const OutgoingConnection&) = delete;

  // Each reports through problem().
  Task<void> connect(Tcp::endpoint endpoint);
  // The other side's certificate must be valid for `host`, a name or an address. `own` may be null.
  Task<void> start_tls(boost::asio::ssl::context& context, std::string host,
                       std::shared_ptr<const ClientCertificate> own);
  Task<void> write(std::string_view head, std::string_view body);
  Task<std::size_t> read_some(std::span<char> room);

  // Ends the wait in progress with an error.
  void cancel();
  void close();

  const ErrorCode& problem() const { return problem_; }
  // What went wrong with TLS, in words; empty when it was something else.
  const std::string& tls_problem() const { return tls_problem_; }
  std::size_t bytes_written() const { return bytes_written_; }

  // True when the other side has closed, or said something nobody asked for. Costs a system call.
  bool is_stale();

  ReadBuffer input;

 private:
  bool write_now(std::string_view& head, std::string_view& body);
  void note_tls_problem();

  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
  ErrorCode problem_;
  std::string tls_problem_;
  std::size_t bytes_written_ = 0;  // of the request being written
};

}  // namespace poly::http
