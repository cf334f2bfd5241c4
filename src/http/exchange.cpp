#include "http/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "http/serialize.hpp"

namespace poly::http {
namespace asio = boost::asio;

namespace {

constexpr std::size_t response_head_bytes_max = 64 << 10;
constexpr std::size_t body_buffer_bytes_max = 64 << 10;
constexpr std::size_t copied_body_bytes_max = 16 << 10;
constexpr unsigned interim_responses_max = 8;
// A connection is given up this long before the other side said it would.
constexpr std::chrono::milliseconds keep_alive_margin{500};

// Idempotent by RFC 9110, section 9.2.2: sending it twice does what sending it once does.
bool is_idempotent(Method method) {
  return method != Method::post && method != Method::patch;
}

std::string in_words(const boost::system::error_code& problem) {
  auto words = problem.message();
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z')
    words[0] = static_cast<char>(words[0] + ('a' - 'A'));
  return words;
}

IpAddress address_of(const Tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  if (address.is_v4()) return IpAddress::of_ipv4(address.to_v4().to_bytes());
  return IpAddress{address.to_v6().to_bytes()};
}

// The `timeout=5` of a Keep-Alive header.
std::optional<std::chrono::seconds> keep_alive_timeout(std::string_view header) {
  constexpr std::string_view key = "timeout=";
  const auto found = header.find(key);
  if (found == std::string_view::npos) return std::nullopt;
  unsigned seconds = 0;
  const auto digits = header.substr(found + key.size());
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return read.ec == std::errc() ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

// What a look-up found. Shared with the look-up, which cannot be stopped and may end after its call has given
// up.
struct Lookup {
  explicit Lookup(Executor executor) : resolver(executor), wake(executor) {}

  Resolver resolver;
  Wake wake;
  bool done = false;
  boost::system::error_code problem;
  std::vector<Tcp::endpoint> endpoints;
};

// In the queue of the pool while it lives.
class Queued final {
 public:
  Queued(ConnectionPool& pool, PeerView peer, Waiter& waiter) : pool_(pool), peer_(peer), waiter_(waiter) {}
  ~Queued() { pool_.leave(peer_, waiter_); }
  Queued(const Queued&) = delete;
  Queued& operator=(const Queued&) = delete;

 private:
  ConnectionPool& pool_;
  const PeerView peer_;
  Waiter& waiter_;
};

}  // namespace

Exchange::Exchange(ClientParts parts, ClientRequest request)
    : parts_(parts),
      request_(std::move(request)),
      started_(parts.wheel.now()),
      total_(parts.wheel,
             [this] {
               total_passed_ = true;
               interrupt();
             }),
      connecting_(parts.wheel, [this] {
        connecting_passed_ = true;
        interrupt();
      }) {}

Task<ClientResponse> Exchange::run() {
  if (const auto sound = check_request(request_.url, request_.headers); !sound)
    fail(ErrorKind::bad_request, sound.error().message);
  total_.arm(request_.total_timeout);
  lease_ = parts_.pool.try_lease(peer());
  if (!lease_.held()) {
    auto waiting = wait_for_lease();
    co_await std::move(waiting);
  }

  auto& reused = response_.timings.reused;
  reused = lease_.has_connection();
  // A request that must not be sent twice gets no second chance, so its connection is looked at first.
  if (reused && !is_idempotent(request_.method) && lease_.connection().is_stale()) reused = false;
  auto end = End::connection_was_gone;
  if (reused) {
    ++parts_.counters.connections_reused;
    auto exchanging = send_and_receive();
    end = co_await std::move(exchanging);
    if (end == End::connection_was_gone) ++parts_.counters.retries;
  }
  if (end == End::connection_was_gone) {
    reused = false;
    auto connecting = connect();
    co_await std::move(connecting);
    auto exchanging = send_and_receive();
    co_await std::move(exchanging);
  }
  co_return std::move(response_);
}

Task<void> Exchange::wait_for_lease() {
  Waiter waiter(parts_.executor);
  if (!parts_.pool.enqueue(peer(), waiter)) {
    fail(ErrorKind::too_many_requests, std::to_string(parts_.options.limits.waiting_per_origin_max) +
                                           " calls already wait for a connection");
  }
  const Queued queued(parts_.pool, peer(), waiter);
  wake_ = &waiter.wake;
  auto waiting = waiter.wake.wait();
  co_await std::move(waiting);
  wake_ = nullptr;
  check_total();
  lease_ = std::move(waiter.lease);
}

Task<void> Exchange::connect() {
  connect_started_ = parts_.wheel.now();
  connecting_passed_ = false;
  connecting_.arm(request_.connect_timeout);
  auto resolving = resolve();
  const auto found = co_await std::move(resolving);
  auto endpoints = permitted(found);
  response_.timings.resolve = since(connect_started_);

  const auto resolved = parts_.wheel.now();
  auto connecting = connect_to_any(std::move(endpoints));
  co_await std::move(connecting);
  response_.timings.connect = since(resolved);

  if (request_.url.origin.scheme == Scheme::https) {
    auto starting = start_tls();
    co_await std::move(starting);
  }
  connecting_.disarm();
}

Task<Exchange::Endpoints> Exchange::resolve() {
  const auto& origin = request_.url.origin;
  boost::system::error_code is_name;
  const auto literal = asio::ip::make_address(origin.host, is_name);
  if (!is_name) co_return Endpoints{Tcp::endpoint(literal, origin.port)};

  auto lookup = std::make_shared<Lookup>(parts_.executor);
  lookup->resolver.async_resolve(origin.host, std::to_string(origin.port),
                                 [lookup](boost::system::error_code problem, Resolver::results_type results) {
                                   lookup->done = true;
                                   lookup->problem = problem;
                                   for (const auto& entry : results)
                                     lookup->endpoints.push_back(entry.endpoint());
                                   lookup->wake.ring();
                                 });
  wake_ = &lookup->wake;
  auto waiting = lookup->wake.wait();
  co_await std::move(waiting);
  wake_ = nullptr;
  check_total();
  if (!lookup->done) {
    fail(ErrorKind::timeout,
         "the name was not resolved within " + std::to_string(request_.connect_timeout.count()) + " ms");
  }
  if (lookup->problem) fail(ErrorKind::upstream, in_words(lookup->problem));
  co_return std::move(lookup->endpoints);
}

Exchange::Endpoints Exchange::permitted(const Endpoints& found) const {
  Endpoints endpoints;
  std::string refusal = "the name has no address";
  for (const auto& endpoint : found) {
    const auto denied = parts_.options.addresses.denied(address_of(endpoint));
    if (!denied) {
      endpoints.push_back(endpoint);
      continue;
    }
    refusal = "the address " + endpoint.address().to_string() + " is " + std::string(*denied) +
              ", which outgoing calls reach only when outbound.allow_networks says so";
  }
  if (endpoints.empty() && !found.empty()) fail(ErrorKind::forbidden, refusal, "address_denied");
  if (endpoints.empty()) fail(ErrorKind::upstream, refusal);
  return endpoints;
}

// One address after the other; each gets an equal share of what is left of the time.
Task<void> Exchange::connect_to_any(Endpoints endpoints) {
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto share = left_to_connect() / static_cast<long>(endpoints.size() - i);
    connecting_passed_ = false;
    connecting_.arm(share);
    auto& connection = lease_.renew();
    auto connecting = connection.connect(endpoints[i]);
    co_await std::move(connecting);
    check_total();
    if (!connection.problem() && !connecting_passed_) co_return;
  }
  if (connecting_passed_) {
    fail(ErrorKind::timeout,
         "no connection within " + std::to_string(request_.connect_timeout.count()) + " ms");
  }
  fail(ErrorKind::upstream, in_words(lease_.connection().problem()));
}

Task<void> Exchange::start_tls() {
  const auto start = parts_.wheel.now();
  connecting_passed_ = false;
  connecting_.arm(left_to_connect());
  auto& connection = lease_.connection();
  auto host = request_.url.origin.host;
  auto own = request_.certificate;
  auto starting = connection.start_tls(parts_.tls, std::move(host), std::move(own));
  co_await std::move(starting);
  check_total();
  if (connecting_passed_) {
    fail(ErrorKind::timeout,
         "no TLS connection within " + std::to_string(request_.connect_timeout.count()) + " ms");
  }
  if (!connection.tls_problem().empty()) fail(ErrorKind::upstream, connection.tls_problem());
  if (connection.problem())
    fail(ErrorKind::upstream, "TLS handshake failed: " + in_words(connection.problem()));
  response_.timings.tls = since(start);
}

Task<Exchange::End> Exchange::send_and_receive() {
  head_.clear();
  const RequestHead head{.method = request_.method,
                         .url = request_.url,
                         .headers = request_.headers,
                         .user_agent = parts_.options.user_agent,
                         .body_bytes = request_.body.size(),
                         .asks_for_compression = request_.decodes_body};
  append_head(head_, head);
  std::string_view body = request_.body;
  if (body.size() <= copied_body_bytes_max) {
    head_.append(body);
    body = {};
  }
  auto turn = parts_.turn_end.wait();
  co_await std::move(turn);
  auto& connection = lease_.connection();
  auto writing = connection.write(head_, body);
  co_await std::move(writing);
  check_total();
  // The other side may have answered before it closed on us; so a failed write is judged after reading.
  auto receiving = receive();
  co_return co_await std::move(receiving);
}

Task<Exchange::End> Exchange::receive() {
  auto& connection = lease_.connection();
  const auto write_problem = connection.problem();
  std::optional<ResponseParser> parser;
  parser.emplace(response_head_bytes_max, request_.response_bytes_max, request_.method);
  for (unsigned interim = 0;;) {
    std::size_t used = 0;
    const auto parsed = parser->feed(connection.input.data(), used);
    connection.input.consume(used);
    if (in_pieces_ && !parser->response.body.empty()) {
      auto handing_over = hand_over(std::exchange(parser->response.body, {}));
      co_await std::move(handing_over);
    }
    if (decoder_ && !parser->response.body.empty()) decode(std::exchange(parser->response.body, {}));
    if (parsed == Parsed::message) {
      take(*parser);
      if (parser->keep_alive() && connection.input.empty() && !write_problem) {
        std::chrono::milliseconds usable_for = parts_.options.limits.idle_time_max;
        if (const auto said = keep_alive_timeout(response_.headers.get("Keep-Alive"))) {
          usable_for = std::min(usable_for, *said - keep_alive_margin);
        }
        lease_.keep(parts_.wheel.now(), usable_for);
      }
      lease_ = Lease();
      co_return End::answered;
    }
    if (parsed == Parsed::wrong)
      fail(ErrorKind::upstream, "not a well-formed HTTP response: " + parser->problem());
    if (parsed == Parsed::too_large && !parser->head_given()) {
      fail(ErrorKind::upstream,
           "the head of the response is larger than " + std::to_string(response_head_bytes_max) + " bytes");
    }
    if (parsed == Parsed::too_large) {
      fail(ErrorKind::too_large,
           "the response is larger than " + std::to_string(request_.response_bytes_max) + " bytes");
    }
    if (parsed == Parsed::head) {
      const auto status = parser->response.status;
      if (request_.on_piece && status >= 200 && status < 300) begin_pieces(*parser);
      check_head(*parser);
      if (request_.decodes_body) begin_decoding(*parser);
      if (status >= 200) {
        connection.input.grow_to(
            std::min<std::uint64_t>(parser->content_length().value_or(0), body_buffer_bytes_max));
        continue;
      }
      if (++interim > interim_responses_max) fail(ErrorKind::upstream, "too many interim responses");
      parser.emplace(response_head_bytes_max, request_.response_bytes_max, request_.method);
      continue;
    }

    const auto room = connection.input.prepare(body_buffer_bytes_max);
    if (room.empty()) fail(ErrorKind::upstream, "not a well-formed HTTP response: a line is too long");
    auto reading = connection.read_some(room);
    const auto count = co_await std::move(reading);
    connection.input.commit(count);
    check_total();
    if (count > 0 && !anything_received_) {
      anything_received_ = true;
      response_.timings.first_byte = since(started_);
    }
    if (!connection.problem()) continue;
    if (may_retry()) co_return End::connection_was_gone;
    const bool ended = connection.problem() == asio::error::eof;
    if (!ended || !parser->is_header_done() || !parser->need_eof())
      fail(ErrorKind::upstream, broken_off(*parser));
    // This body has no length of its own: the end of the connection is its end.
    take(*parser);
    lease_ = Lease();
    co_return End::answered;
  }
}

void Exchange::check_head(const ResponseParser& parser) const {
  if (parser.response.status == 101)
    fail(ErrorKind::upstream, "switches to a protocol that was not asked for");
  const bool has_body = !parser.is_done();
  const auto length = parser.content_length().value_or(0);
  if (!has_body || in_pieces_ || length <= request_.response_bytes_max) return;
  fail(ErrorKind::too_large, "the response of " + std::to_string(length) + " bytes is larger than " +
                                 std::to_string(request_.response_bytes_max) + " bytes");
}

void Exchange::begin_pieces(ResponseParser& parser) {
  in_pieces_ = true;
  parser.body_bytes_max(std::numeric_limits<std::size_t>::max());
  total_.arm(request_.silence_timeout);
}

// The time that the caller takes for a piece is not the other side's.
Task<void> Exchange::hand_over(std::string piece) {
  total_.disarm();
  auto taking = request_.on_piece(std::move(piece));
  co_await std::move(taking);
  total_.arm(request_.silence_timeout);
}

void Exchange::begin_decoding(const ResponseParser& parser) {
  const auto& response = parser.response;
  if (in_pieces_ || parser.is_done() || response.status < 200 || response.status == 206) return;
  const auto coding = response.headers.get("Content-Encoding");
  if (!coding.empty()) decoder_ = content_decoder(coding);
}

void Exchange::decode(std::string_view piece) {
  switch (decoder_->feed(piece, decoded_, request_.response_bytes_max)) {
    case Decoded::need_more:
      return;
    case Decoded::wrong:
      fail(ErrorKind::upstream, "the response is not compressed as its Content-Encoding says");
    case Decoded::too_large:
      fail(ErrorKind::too_large, "the response is larger than " +
                                     std::to_string(request_.response_bytes_max) +
                                     " bytes when decompressed");
  }
}

void Exchange::end_decoding() {
  if (!decoder_->is_whole()) fail(ErrorKind::upstream, "the compressed response ends before its end");
  response_.body = std::move(decoded_);
  response_.headers.remove("Content-Encoding");
  response_.headers.remove("Content-Length");
}

bool Exchange::may_retry() {
  if (!response_.timings.reused || anything_received_) return false;
  return is_idempotent(request_.method) || lease_.connection().bytes_written() == 0;
}

std::string Exchange::broken_off(const ResponseParser& parser) {
  const auto& problem = lease_.connection().problem();
  const auto why = problem == asio::error::eof ? std::string("connection closed") : in_words(problem);
  if (!anything_received_) return why + " before an answer";
  if (!parser.is_header_done()) return why + " in the middle of the response's head";
  const auto got = std::to_string(parser.body_bytes_read());
  const auto length = parser.content_length();
  if (length) return why + " after " + got + " of " + std::to_string(*length) + " bytes of the body";
  return why + " after " + got + " bytes of a body that had not ended";
}

void Exchange::take(ResponseParser& parser) {
  response_.status = parser.response.status;
  response_.headers = std::move(parser.response.headers);
  response_.body = std::move(parser.response.body);
  if (decoder_) end_decoding();
  response_.timings.total = since(started_);
}

// Ends whatever is waited for; the one who waited finds out why.
void Exchange::interrupt() {
  if (wake_) wake_->ring();
  if (lease_.has_connection()) lease_.connection().cancel();
}

void Exchange::check_total() const {
  if (!total_passed_) return;
  if (in_pieces_) {
    fail(ErrorKind::timeout, "nothing came for " + std::to_string(request_.silence_timeout.count()) +
                                 " ms in the middle of the body");
  }
  fail(ErrorKind::timeout, "no answer within " + std::to_string(request_.total_timeout.count()) + " ms");
}

PeerView Exchange::peer() const {
  return {request_.url.origin,
          request_.certificate ? request_.certificate->fingerprint() : std::string_view()};
}

std::chrono::microseconds Exchange::since(Instant start) const {
  return std::chrono::duration_cast<std::chrono::microseconds>(parts_.wheel.now() - start);
}

std::chrono::milliseconds Exchange::left_to_connect() const {
  const auto spent =
      std::chrono::duration_cast<std::chrono::milliseconds>(parts_.wheel.now() - connect_started_);
  return std::max(request_.connect_timeout - spent, std::chrono::milliseconds(0));
}

void Exchange::fail(ErrorKind kind, std::string_view reason, std::string_view code) const {
  ++parts_.counters.failures;
  auto message = std::string(to_string(request_.method)) + " " + request_.url.origin.text();
  message.append(": ").append(reason);  // never path and query: keys travel in both
  throw Failure(Error{kind, std::move(message), std::string(code), {}});
}

}  // namespace poly::http
