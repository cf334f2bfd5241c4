#include "spec/api_policy.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace poly::spec {
namespace {

constexpr std::size_t header_name_length_max = 100;
constexpr double shortest_seconds = 0.001;

bool is_header_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= header_name_length_max && std::ranges::all_of(text, fits);
}

class PolicyCheck final {
 public:
  std::vector<std::string> run(const ApiPolicy& policy) && {
    seconds("timeoutSeconds", policy.timeout_seconds, policy_timeout_seconds_max);
    seconds("attemptSeconds", policy.attempt_seconds, policy_timeout_seconds_max);
    seconds("connectSeconds", policy.connect_seconds, policy_timeout_seconds_max);
    number("concurrency", policy.concurrency, 1, concurrent_calls_max);
    number("responseMebibytesMax", policy.response_mebibytes_max, 1, policy_response_mebibytes_max);
    if (policy.retry) check(*policy.retry);
    if (policy.rate_limit) check(*policy.rate_limit);
    if (policy.circuit_breaker) check(*policy.circuit_breaker);
    if (policy.cache) seconds("cache.seconds", policy.cache->seconds, cache_seconds_max);
    if (policy.idempotency_key && !is_header_name(policy.idempotency_key->header))
      add("idempotencyKey.header", "must be the name of a header");
    if (policy.pagination) check(*policy.pagination);
    return std::move(problems_);
  }

 private:
  void check(const RetryPolicy& retry) {
    number("retry.attempts", retry.attempts, 1, retry_attempts_max);
    for (const int status : retry.statuses) number("retry.statuses", status, 400, 599);
    range("retry.firstDelaySeconds", retry.first_delay_seconds, 0, retry_delay_seconds_max);
    range("retry.delaySecondsMax", retry.delay_seconds_max, 0, retry_delay_seconds_max);
    range("retry.retryAfterSecondsMax", retry.retry_after_seconds_max, 0, spec::retry_after_seconds_max);
  }

  void check(const RateLimit& limit) {
    number("rateLimit.requests", limit.requests, 1, rate_requests_max);
    range("rateLimit.perSeconds", limit.per_seconds, shortest_seconds, rate_period_seconds_max);
    range("rateLimit.waitSecondsMax", limit.wait_seconds_max, 0, rate_wait_seconds_max);
  }

  void check(const CircuitBreaker& breaker) {
    number("circuitBreaker.failures", breaker.failures, 1, circuit_failures_max);
    range("circuitBreaker.openSeconds", breaker.open_seconds, shortest_seconds, circuit_open_seconds_max);
  }

  void check(const Pagination& pagination) {
    const auto is_pointer = [](std::string_view text) { return text.empty() || text.starts_with('/'); };
    const bool by_link = pagination.style == PaginationStyle::link;
    if (!is_pointer(pagination.items))
      add("pagination.items", "must be a JSON Pointer such as /data/items, or empty for the whole body");
    if (by_link && pagination.argument)
      add("pagination.argument", "has no meaning with the style link, where the answer names the next page");
    if (!by_link && !pagination.argument)
      add("pagination.argument", "is missing: the argument that says which page is wanted");
    const bool by_cursor = pagination.style == PaginationStyle::cursor;
    if (by_cursor && !pagination.next)
      add("pagination.next", "is missing: the JSON Pointer to the next cursor in an answer");
    if (pagination.next && (!by_cursor || !is_pointer(*pagination.next)))
      add("pagination.next", "must be a JSON Pointer, and belongs to the style cursor");
  }

  void seconds(std::string_view field, std::optional<double> value, double max) {
    if (value) range(field, *value, shortest_seconds, max);
  }

  void number(std::string_view field, std::optional<int> value, int min, int max) {
    if (value && (*value < min || *value > max)) add(field, fmt::format("must be from {} to {}", min, max));
  }

  void range(std::string_view field, double value, double min, double max) {
    if (!(value >= min && value <= max)) add(field, fmt::format("must be from {:g} to {:g}", min, max));
  }

  void add(std::string_view field, std::string_view reason) {
    problems_.push_back(fmt::format("policy.{}: {}", field, reason));
  }

  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> problems_of(const ApiPolicy& policy) {
  return PolicyCheck().run(policy);
}

}  // namespace poly::spec
