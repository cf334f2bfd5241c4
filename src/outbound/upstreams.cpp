#include "outbound/upstreams.hpp"

namespace poly::outbound {
namespace {

std::chrono::nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

constexpr std::string_view rate_name = "openpoly_outbound_rate_limited_total";
constexpr std::string_view rate_help =
    "Requests of API functions that waited for, or were refused by, their rate limit";
constexpr std::string_view cache_name = "openpoly_outbound_cache_total";
constexpr std::string_view cache_help =
    "Calls of API functions with a cache: answered by it, by it after the upstream confirmed, or by the "
    "upstream";
constexpr std::string_view tokens_name = "openpoly_outbound_token_requests_total";
constexpr std::string_view tokens_help = "Access tokens asked for at token endpoints";

}  // namespace

PolicyCounters::PolicyCounters(journal::Metrics& metrics, const std::string& function)
    : retries(metrics.counter("openpoly_outbound_retries_total",
                              "Requests of API functions that were sent again", {{"function", function}})),
      rate_waits(metrics.counter(rate_name, rate_help, {{"function", function}, {"outcome", "waited"}})),
      rate_refusals(metrics.counter(rate_name, rate_help, {{"function", function}, {"outcome", "refused"}})),
      queue_refusals(metrics.counter("openpoly_outbound_concurrency_refused_total",
                                     "Calls of API functions that found no room beside those that run",
                                     {{"function", function}})),
      circuit_openings(metrics.counter("openpoly_outbound_circuit_openings_total",
                                       "Circuit breakers of API functions that opened",
                                       {{"function", function}})),
      circuit_refusals(metrics.counter("openpoly_outbound_circuit_refused_total",
                                       "Requests of API functions that an open circuit breaker held back",
                                       {{"function", function}})),
      cache_hits(metrics.counter(cache_name, cache_help, {{"function", function}, {"outcome", "hit"}})),
      cache_confirmed(
          metrics.counter(cache_name, cache_help, {{"function", function}, {"outcome", "confirmed"}})),
      cache_misses(metrics.counter(cache_name, cache_help, {{"function", function}, {"outcome", "miss"}})) {}

FunctionLimits::FunctionLimits(const spec::ApiPolicy& given, journal::Metrics& metrics,
                               const std::string& function)
    : policy(given), counters(metrics, function) {
  if (given.rate_limit && given.rate_limit->scope == spec::RateScope::function)
    rate.emplace(given.rate_limit->requests, nanoseconds_of(given.rate_limit->per_seconds));
  if (given.concurrency) slots.emplace(*given.concurrency);
  if (given.circuit_breaker) {
    breaker.emplace(given.circuit_breaker->failures,
                    std::chrono::duration_cast<std::chrono::milliseconds>(
                        nanoseconds_of(given.circuit_breaker->open_seconds)));
  }
}

Upstreams::Upstreams(const Clock& clock, journal::Metrics& metrics)
    : tokens(clock),
      token_grants(metrics.counter(tokens_name, tokens_help, {{"outcome", "granted"}})),
      token_refusals(metrics.counter(tokens_name, tokens_help, {{"outcome", "refused"}})),
      metrics_(metrics) {
  metrics.watch("openpoly_outbound_cache_bytes", "Memory of the answers that are kept for API functions",
                journal::Metrics::Type::gauge, [this] { return static_cast<double>(answers.bytes()); });
  metrics.watch("openpoly_outbound_tokens", "Access tokens that are kept for API functions",
                journal::Metrics::Type::gauge, [this] { return static_cast<double>(tokens.size()); });
}

std::shared_ptr<FunctionLimits> Upstreams::limits_of(const catalog::Resource& function,
                                                     const spec::ApiPolicy& policy) {
  const std::lock_guard lock(mutex_);
  auto& known = limits_[function.id];
  auto limits = known.lock();
  if (!limits || limits->policy != policy) {
    limits = std::make_shared<FunctionLimits>(policy, metrics_, function.path());
    known = limits;
  }
  return limits;
}

std::shared_ptr<TokenBucket> Upstreams::bucket_of(EnvironmentId environment, const http::Origin& host,
                                                  const spec::RateLimit& limit) {
  const std::lock_guard lock(mutex_);
  // Those that nobody holds at this moment may start full again: there are too many to remember.
  if (buckets_.size() >= host_buckets_max)
    std::erase_if(buckets_, [](const auto& each) { return each.second.use_count() == 1; });
  auto& bucket = buckets_[{environment, host, limit.requests, limit.per_seconds}];
  if (!bucket) bucket = std::make_shared<TokenBucket>(limit.requests, nanoseconds_of(limit.per_seconds));
  return bucket;
}

std::shared_ptr<const http::ClientCertificate> Upstreams::certificate(std::string_view certificate,
                                                                      std::string_view key) {
  const auto digest = digest_of({certificate, key});
  const std::lock_guard lock(mutex_);
  if (const auto found = certificates_.find(digest); found != certificates_.end()) return found->second;
  if (certificates_.size() >= certificates_kept_max) certificates_.clear();
  auto read = value_or_throw(http::ClientCertificate::read(certificate, key));
  return certificates_[digest] = std::move(read);
}

}  // namespace poly::outbound
