#include "http/client.hpp"

#include <boost/asio/ssl/context.hpp>

#include "base/error.hpp"
#include "http/connection_pool.hpp"
#include "http/exchange.hpp"

namespace poly::http {
namespace {

namespace ssl = boost::asio::ssl;

ssl::context tls_context(const std::string& extra_ca_file) {
  ssl::context context(ssl::context::tls_client);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                      ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  context.set_verify_mode(ssl::verify_peer);
  context.set_default_verify_paths();
  if (extra_ca_file.empty()) return context;
  boost::system::error_code problem;
  context.load_verify_file(extra_ca_file, problem);
  if (problem) {
    throw Failure(
        ErrorKind::bad_request,
        "CA file '" + extra_ca_file + "': not a readable file of certificates in PEM: " + problem.message());
  }
  return context;
}

}  // namespace

struct Client::State {
  State(Executor on, TimerWheel& time, ClientOptions given)
      : executor(on),
        wheel(time),
        options(std::move(given)),
        tls(tls_context(options.extra_ca_file)),
        pool(executor, wheel, options.limits, counters) {}

  Executor executor;
  TimerWheel& wheel;
  const ClientOptions options;
  ssl::context tls;
  ClientCounters counters;
  ConnectionPool pool;
  TurnEnd turn_end{executor};
};

Client::Client(Executor executor, TimerWheel& wheel, ClientOptions options)
    : state_(std::make_unique<State>(executor, wheel, std::move(options))) {}

Client::~Client() = default;

Task<ClientResponse> Client::send(ClientRequest request) {
  ++state_->counters.requests;
  const ClientParts parts{.executor = state_->executor,
                          .wheel = state_->wheel,
                          .options = state_->options,
                          .tls = state_->tls,
                          .pool = state_->pool,
                          .turn_end = state_->turn_end,
                          .counters = state_->counters};
  Exchange exchange(parts, std::move(request));
  auto running = exchange.run();
  co_return co_await std::move(running);
}

void Client::close_idle() {
  state_->pool.close_idle();
}

ClientCounters Client::counters() const {
  return state_->counters;
}

}  // namespace poly::http
