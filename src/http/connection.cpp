#include "http/connection.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "http/address_filter.hpp"

namespace poly::http {
namespace asio = boost::asio;

Task<void> OutgoingConnection::connect(Tcp::endpoint endpoint) {
  ErrorCode ignored;
  socket_.close(ignored);
  socket_.open(endpoint.protocol(), problem_);
  if (problem_) co_return;
  socket_.set_option(Tcp::no_delay(true), ignored);
  auto token = asio::redirect_error(use_task, problem_);
  auto connecting = socket_.async_connect(endpoint, std::move(token));
  co_await std::move(connecting);
  // Requests are first written at once; only what the other side does not take is waited for.
  if (!problem_) socket_.non_blocking(true, problem_);
}

Task<void> OutgoingConnection::start_tls(asio::ssl::context& context, std::string host,
                                         std::shared_ptr<const ClientCertificate> own) {
  tls_.emplace(socket_, context);
  auto* session = tls_->native_handle();
  if (own) own->use_in(session);
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (IpAddress::parse(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  } else {
    // The name goes into the hello so that the other side can choose its certificate; an address must not.
    SSL_set_tlsext_host_name(session, host.c_str());
    SSL_set1_host(session, host.c_str());
  }
  auto token = asio::redirect_error(use_task, problem_);
  auto handshaking = tls_->async_handshake(asio::ssl::stream_base::client, std::move(token));
  co_await std::move(handshaking);
  if (problem_) note_tls_problem();
}

void OutgoingConnection::note_tls_problem() {
  const auto verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict != X509_V_OK) {
    tls_problem_ = std::string("the certificate is not accepted: ") + X509_verify_cert_error_string(verdict);
  } else if (problem_.category() == asio::error::get_ssl_category()) {
    const auto* reason = ERR_reason_error_string(static_cast<unsigned long>(problem_.value()));
    tls_problem_ = std::string("TLS handshake failed: ") + (reason ? reason : "protocol error");
  }
}

Task<void> OutgoingConnection::write(std::string_view head, std::string_view body) {
  bytes_written_ = 0;
  problem_.clear();
  if (tls_) {
    // One record for a small message; OpenSSL takes one piece at a time.
    for (auto piece : {head, body}) {
      while (!piece.empty() && !problem_) {
        auto token = asio::redirect_error(use_task, problem_);
        auto writing = tls_->async_write_some(asio::buffer(piece.data(), piece.size()), std::move(token));
        const auto count = co_await std::move(writing);
        bytes_written_ += count;
        piece.remove_prefix(count);
      }
    }
    co_return;
  }
  while (!write_now(head, body)) {
    auto token = asio::redirect_error(use_task, problem_);
    auto waiting = socket_.async_wait(Socket::wait_write, std::move(token));
    co_await std::move(waiting);
    if (problem_) co_return;
  }
}

// True when the kernel took everything, or the connection is broken; else what is left is in the views.
bool OutgoingConnection::write_now(std::string_view& head, std::string_view& body) {
  std::size_t count = 0;
  if (body.empty()) {
    count = socket_.write_some(asio::buffer(head.data(), head.size()), problem_);
  } else {
    const std::array pieces{asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
    count = socket_.write_some(pieces, problem_);
  }
  bytes_written_ += count;
  const auto of_head = std::min(count, head.size());
  head.remove_prefix(of_head);
  body.remove_prefix(count - of_head);
  if (problem_ && problem_ != asio::error::would_block && problem_ != asio::error::try_again) return true;
  problem_.clear();
  return head.empty() && body.empty();
}

Task<std::size_t> OutgoingConnection::read_some(std::span<char> room) {
  auto token = asio::redirect_error(use_task, problem_);
  const auto into = asio::buffer(room.data(), room.size());
  return tls_ ? tls_->async_read_some(into, std::move(token))
              : socket_.async_read_some(into, std::move(token));
}

void OutgoingConnection::cancel() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void OutgoingConnection::close() {
  ErrorCode ignored;
  tls_.reset();
  socket_.close(ignored);
}

bool OutgoingConnection::is_stale() {
  char byte;
  ErrorCode state;
  socket_.receive(asio::buffer(&byte, 1), Socket::message_peek, state);
  // TLS may speak on its own (session tickets), so there only an end counts.
  if (!state) return !tls_;
  return state != asio::error::would_block && state != asio::error::try_again;
}

}  // namespace poly::http
