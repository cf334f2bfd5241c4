#include "outbound/careful_call.hpp"

#include <algorithm>

#include <sodium.h>

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "outbound/aws_signature.hpp"
#include "outbound/envelope.hpp"
#include "outbound/freshness.hpp"
#include "outbound/pause.hpp"
#include "outbound/retry.hpp"

namespace poly::outbound {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t token_answer_bytes_max = 1 << 20;

milliseconds milliseconds_of(double seconds) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(seconds));
}

milliseconds timeout_of(const spec::ApiPolicy& policy, const ApiSettings& settings) {
  return policy.timeout_seconds ? milliseconds_of(*policy.timeout_seconds) : settings.total_timeout;
}

double random_draw() {
  return static_cast<double>(randombytes_random()) / 4'294'967'296.0;
}

bool is_bad(const Result<http::ClientResponse>& outcome) {
  if (outcome) return outcome->status >= 500;
  return outcome.error().kind == ErrorKind::upstream || outcome.error().kind == ErrorKind::timeout;
}

// Everything that decides which token is given, and whose it is.
Digest token_key_of(const spec::OAuthSettings& settings, EnvironmentId environment) {
  return digest_of({environment.text(), settings.grant_type, settings.token_url, settings.client_id,
                    settings.client_secret, settings.client_authentication, settings.scope, settings.audience,
                    settings.refresh_token, settings.private_key, settings.algorithm, settings.issuer,
                    settings.subject, settings.key_id, settings.lifetime_seconds});
}

// Where tokens come from, without what a query may hold.
std::string place_of(std::string_view token_url) {
  return std::string(token_url.substr(0, token_url.find('?')));
}

Task<GrantedToken> ask_for_token(CallerParts parts, spec::OAuthSettings settings, Secret refresh_token) {
  if (!refresh_token.empty()) settings.refresh_token = refresh_token.reveal();
  auto request = token_request(settings, parts.ids.next().text(), parts.clock.now());
  request.connect_timeout = parts.settings.connect_timeout;
  request.total_timeout = parts.settings.total_timeout;
  request.response_bytes_max = token_answer_bytes_max;
  auto sending = parts.client.send(std::move(request));
  const auto response = co_await std::move(sending);
  co_return granted_token(response);
}

Task<GrantedToken> ask_and_count(CallerParts parts, spec::OAuthSettings settings, Secret refresh_token) {
  auto asking = poly::attempt(ask_for_token(parts, std::move(settings), std::move(refresh_token)));
  auto granted = co_await std::move(asking);
  (granted ? parts.upstreams.token_grants : parts.upstreams.token_refusals).add();
  co_return value_or_throw(std::move(granted));
}

}  // namespace

CarefulCall::CarefulCall(const CallerParts& parts, const CallPlan& plan, const JsonObject& given,
                         const std::optional<http::Url>& address)
    : parts_(parts),
      plan_(plan),
      timeout_(timeout_of(plan.policy, parts.settings)),
      deadline_(parts.wheel.now() + timeout_) {
  const Arguments arguments(given);
  request_ = plan.request.render(arguments);
  if (address) request_.url = *address;
  prepare_request();
  if (plan.tls) {
    request_.certificate = parts.upstreams.certificate(plan.tls->certificate.render(arguments, plain_text),
                                                       plan.tls->private_key.render(arguments, plain_text));
  }
  if (plan.aws) aws_ = plan.aws->render(arguments);
  if (plan.oauth) {
    oauth_ = plan.oauth->render(arguments);
    token_key_ = token_key_of(oauth_, plan.environment);
  }
  if (plan.policy.cache) prepare_cache(given);
}

void CarefulCall::prepare_request() {
  const auto& policy = plan_.policy;
  const auto& settings = parts_.settings;
  request_.connect_timeout =
      policy.connect_seconds ? milliseconds_of(*policy.connect_seconds) : settings.connect_timeout;
  request_.response_bytes_max = settings.response_bytes_max;
  if (policy.response_mebibytes_max) {
    const auto declared = static_cast<std::size_t>(*policy.response_mebibytes_max) << 20;
    request_.response_bytes_max = std::min(declared, settings.response_bytes_max);
  }
  if (policy.idempotency_key && !request_.headers.find(policy.idempotency_key->header))
    request_.headers.add(policy.idempotency_key->header, parts_.ids.next().text());
}

void CarefulCall::prepare_cache(const JsonObject& arguments) {
  cache_key_ =
      digest_of({plan_.id.text(), std::to_string(plan_.version), request_.url.text(), to_text(arguments)});
  kept_ = parts_.upstreams.answers.find(*cache_key_);
}

void CarefulCall::ask_whether_kept_is_current() {
  if (!kept_ || request_.headers.find("If-None-Match") || request_.headers.find("If-Modified-Since")) return;
  asks_whether_kept_is_current_ = !kept_->etag.empty() || !kept_->last_modified.empty();
  if (!kept_->etag.empty()) request_.headers.add("If-None-Match", kept_->etag);
  if (!kept_->last_modified.empty()) request_.headers.add("If-Modified-Since", kept_->last_modified);
}

Task<ApiAnswer> CarefulCall::run() {
  if (auto kept = kept_answer()) co_return std::move(*kept);
  ask_whether_kept_is_current();
  auto taking = take_slot();
  const auto slot = co_await std::move(taking);
  auto exchanging = exchange_until_final();
  const auto response = co_await std::move(exchanging);
  co_return answer_of(response);
}

Task<http::ClientRequest> CarefulCall::request() {
  auto getting = get_token();
  co_await std::move(getting);
  co_return attempt_request();
}

Task<http::ClientResponse> CarefulCall::exchange_until_final() {
  while (true) {
    auto waiting = wait_for_rate();
    co_await std::move(waiting);
    auto getting = get_token();
    co_await std::move(getting);
    auto exchanging = exchange(attempt_request());
    auto outcome = co_await std::move(exchanging);
    if (token_was_refused(outcome)) continue;
    ++attempts_;
    const auto wait = wait_before_next(outcome);
    if (!wait && !outcome && outcome.error().kind == ErrorKind::timeout) require_time();
    if (!wait) co_return value_or_throw(std::move(outcome));
    plan_.limits->counters.retries.add();
    auto pausing = pause(parts_.executor, parts_.wheel, *wait);
    co_await std::move(pausing);
  }
}

Task<CallSlots::Slot> CarefulCall::take_slot() {
  if (!plan_.limits || !plan_.limits->slots) co_return CallSlots::Slot();
  auto taking = poly::attempt(plan_.limits->slots->take(parts_.executor, parts_.wheel, left()));
  auto slot = co_await std::move(taking);
  if (slot) co_return std::move(*slot);
  plan_.limits->counters.queue_refusals.add();
  refuse(slot.error().kind, slot.error().message, slot.error().code);
}

Task<void> CarefulCall::wait_for_rate() {
  const auto& limit = plan_.policy.rate_limit;
  if (!limit) co_return;
  std::shared_ptr<TokenBucket> shared;
  if (limit->scope == spec::RateScope::host)
    shared = parts_.upstreams.bucket_of(plan_.environment, request_.url.origin, *limit);
  auto& bucket = shared ? *shared : *plan_.limits->rate;
  const auto longest = std::min(milliseconds_of(limit->wait_seconds_max), left());
  const auto wait = bucket.take(parts_.wheel.now(), longest);
  if (!wait) {
    plan_.limits->counters.rate_refusals.add();
    refuse(ErrorKind::too_many_requests, "its rate limit is used up for longer than a call may wait",
           "rate_limited");
  }
  if (*wait == std::chrono::nanoseconds(0)) co_return;
  plan_.limits->counters.rate_waits.add();
  auto pausing = pause(parts_.executor, parts_.wheel, std::chrono::ceil<milliseconds>(*wait));
  co_await std::move(pausing);
}

Task<void> CarefulCall::get_token() {
  if (!plan_.oauth) co_return;
  auto fetch = [&parts = parts_, settings = oauth_](Secret refresh_token) {
    return ask_and_count(parts, settings, std::move(refresh_token));
  };
  auto getting = poly::attempt(parts_.upstreams.tokens.token(token_key_, parts_.token_requests, parts_.wheel,
                                                             left(), std::move(fetch)));
  auto token = co_await std::move(getting);
  if (!token) {
    refuse(token.error().kind,
           "no access token from " + place_of(oauth_.token_url) + ": " + token.error().message,
           token.error().code);
  }
  token_ = std::move(*token);
}

http::ClientRequest CarefulCall::attempt_request() const {
  auto request = request_;
  request.total_timeout = left();
  if (plan_.policy.attempt_seconds)
    request.total_timeout = std::min(request.total_timeout, milliseconds_of(*plan_.policy.attempt_seconds));
  if (token_) request.headers.set("Authorization", "Bearer " + std::string(token_->reveal()));
  if (plan_.aws) sign_for_aws(request, aws_, parts_.clock.now());
  return request;
}

Task<CarefulCall::Outcome> CarefulCall::exchange(http::ClientRequest request) {
  auto admission = admit();
  auto sending = poly::attempt(send(parts_.client, std::move(request), plan_.redirects()));
  auto outcome = co_await std::move(sending);
  if (admission) judge(*admission, outcome);
  co_return outcome;
}

std::optional<CircuitBreaker::Admission> CarefulCall::admit() const {
  if (!plan_.limits || !plan_.limits->breaker) return std::nullopt;
  auto& breaker = *plan_.limits->breaker;
  auto admission = breaker.admit(parts_.wheel.now());
  if (admission) return admission;
  plan_.limits->counters.circuit_refusals.add();
  refuse(ErrorKind::unavailable,
         "not sent, because the upstream did not answer well before; it is tried again in " +
             std::to_string(
                 std::chrono::ceil<std::chrono::seconds>(breaker.open_for(parts_.wheel.now())).count()) +
             " s",
         "circuit_open");
}

// A failure that is not the upstream's (an address that is denied, an answer that is too large) is no
// verdict.
void CarefulCall::judge(CircuitBreaker::Admission& admission, const Outcome& outcome) const {
  if (!is_bad(outcome)) {
    if (outcome) admission.succeeded();
    return;
  }
  if (!admission.failed(parts_.wheel.now())) return;
  plan_.limits->counters.circuit_openings.add();
  log(LogLevel::warn, "the circuit breaker of an API function opened", {{"function", plan_.path}});
}

// Once for each call: a token may have been taken back before its time.
bool CarefulCall::token_was_refused(const Outcome& outcome) {
  if (!token_ || token_was_renewed_ || !outcome || outcome->status != 401) return false;
  token_was_renewed_ = true;
  parts_.upstreams.tokens.reject(token_key_, token_);
  return true;
}

std::optional<milliseconds> CarefulCall::wait_before_next(const Outcome& outcome) const {
  if (!may_repeat()) return std::nullopt;
  const auto& retry = *plan_.policy.retry;
  const auto wait =
      outcome ? wait_after_answer(retry, attempts_, outcome->status, outcome->headers.get("Retry-After"),
                                  parts_.clock.now(), random_draw())
              : wait_after_failure(retry, attempts_, outcome.error().kind, random_draw());
  const auto next = parts_.wheel.now() + wait.value_or(milliseconds(0));
  if (!wait || next >= deadline_) return std::nullopt;
  const auto& breaker = plan_.limits->breaker;
  if (breaker && breaker->open_for(next) > milliseconds(0)) return std::nullopt;
  return wait;
}

bool CarefulCall::may_repeat() const {
  const auto& policy = plan_.policy;
  if (!policy.retry) return false;
  return is_idempotent(request_.method) || policy.idempotency_key || !policy.retry->only_idempotent;
}

std::optional<ApiAnswer> CarefulCall::kept_answer() const {
  if (!kept_ || kept_->fresh_until <= parts_.wheel.now()) return std::nullopt;
  plan_.limits->counters.cache_hits.add();
  return ApiAnswer{kept_->status, kept_->envelope, {}};
}

ApiAnswer CarefulCall::answer_of(const http::ClientResponse& response) {
  if (!cache_key_) return {response.status, envelope_of(response), response.timings};
  if (response.status == 304 && asks_whether_kept_is_current_) {
    plan_.limits->counters.cache_confirmed.add();
    keep(response, *kept_);
    return {kept_->status, kept_->envelope, response.timings};
  }
  plan_.limits->counters.cache_misses.add();
  KeptAnswer answer{
      .status = response.status, .envelope = envelope_of(response), .etag = {}, .last_modified = {}};
  ApiAnswer given{response.status, answer.envelope, response.timings};
  if (response.status == 200) {
    keep(response, std::move(answer));
  } else if (response.status < 500) {
    parts_.upstreams.answers.forget(*cache_key_);
  }
  return given;
}

void CarefulCall::keep(const http::ClientResponse& response, KeptAnswer answer) {
  auto freshness = freshness_of(response, *plan_.policy.cache, parts_.clock.now());
  if (!freshness.may_be_kept && response.status == 200) return parts_.upstreams.answers.forget(*cache_key_);
  if (!freshness.etag.empty()) answer.etag = std::move(freshness.etag);
  if (!freshness.last_modified.empty()) answer.last_modified = std::move(freshness.last_modified);
  answer.fresh_until = parts_.wheel.now() + freshness.lasts;
  parts_.upstreams.answers.keep(*cache_key_, std::make_shared<const KeptAnswer>(std::move(answer)));
}

milliseconds CarefulCall::left() const {
  require_time();
  return std::chrono::ceil<milliseconds>(deadline_ - parts_.wheel.now());
}

void CarefulCall::require_time() const {
  if (parts_.wheel.now() < deadline_) return;
  refuse(ErrorKind::timeout,
         "no answer within " + std::to_string(timeout_.count()) + " ms, attempts and waiting together", "");
}

void CarefulCall::refuse(ErrorKind kind, std::string reason, std::string code) const {
  throw Failure(Error{kind, "'" + plan_.path + "': " + std::move(reason), std::move(code), {}});
}

}  // namespace poly::outbound
