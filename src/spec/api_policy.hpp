// How an API function behaves as a client of the system that it calls: how long it waits, how often it tries,
// how much it asks at once, what it remembers (docs/api-functions.md). What is absent is not done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/codec.hpp"

namespace poly::spec {

inline constexpr double policy_timeout_seconds_max = 600;
inline constexpr int retry_attempts_max = 10;
inline constexpr double retry_delay_seconds_max = 60;
inline constexpr double retry_after_seconds_max = 300;
inline constexpr int rate_requests_max = 1'000'000;
inline constexpr double rate_period_seconds_max = 86'400;
inline constexpr double rate_wait_seconds_max = 60;
inline constexpr int concurrent_calls_max = 1'000;
inline constexpr int circuit_failures_max = 1'000;
inline constexpr double circuit_open_seconds_max = 3'600;
inline constexpr double cache_seconds_max = 86'400;
inline constexpr int policy_response_mebibytes_max = 1'024;

// A request is sent again when it got no answer or one of these statuses. The wait before the n-th repetition
// is drawn evenly from nothing up to firstDelaySeconds × 2ⁿ⁻¹, delaySecondsMax at most ("full jitter").
struct RetryPolicy {
  int attempts = 3;  // in all, the first one among them
  std::vector<int> statuses = {429, 502, 503, 504};
  bool only_idempotent = true;  // POST and PATCH are sent once, unless they carry an idempotency key
  double first_delay_seconds = 0.2;
  double delay_seconds_max = 10;
  double retry_after_seconds_max = 60;  // an answer that asks for a longer wait is given to the caller

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("attempts", self.attempts);
    field.optional("statuses", self.statuses);
    field.optional("onlyIdempotent", self.only_idempotent);
    field.optional("firstDelaySeconds", self.first_delay_seconds);
    field.optional("delaySecondsMax", self.delay_seconds_max);
    field.optional("retryAfterSecondsMax", self.retry_after_seconds_max);
  }
  bool operator==(const RetryPolicy&) const = default;
};

enum class RateScope { function, host };

// A bucket of `requests` tokens that fills up evenly in `perSeconds`. With the scope host, the functions of
// an environment that declare the same limit share one bucket for each host.
struct RateLimit {
  int requests = 0;
  double per_seconds = 1;
  RateScope scope = RateScope::function;
  double wait_seconds_max = 10;  // a request that would have to wait longer is refused

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("requests", self.requests);
    field.optional("perSeconds", self.per_seconds);
    field.optional("scope", self.scope);
    field.optional("waitSecondsMax", self.wait_seconds_max);
  }
  bool operator==(const RateLimit&) const = default;
};

// After `failures` requests in a row without an answer, or with a status of 500 and above, none is sent for
// `openSeconds`; then one is tried.
struct CircuitBreaker {
  int failures = 5;
  double open_seconds = 30;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("failures", self.failures);
    field.optional("openSeconds", self.open_seconds);
  }
  bool operator==(const CircuitBreaker&) const = default;
};

// Answers are kept for `seconds`, else as long as their Cache-Control or Expires says. An old one with an
// ETag or Last-Modified is asked for again with it.
struct CachePolicy {
  std::optional<double> seconds;
  bool use_etag = true;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("seconds", self.seconds);
    field.optional("useEtag", self.use_etag);
  }
  bool operator==(const CachePolicy&) const = default;
};

// A header with a value of its own for each call, the same in all attempts of the call.
struct IdempotencyKey {
  std::string header = "Idempotency-Key";

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("header", self.header);
  }
  bool operator==(const IdempotencyKey&) const = default;
};

enum class PaginationStyle { cursor, page, offset, link };

// How the operation gives its list page by page. Places in a body are JSON Pointers, "" for the whole body.
struct Pagination {
  PaginationStyle style = PaginationStyle::page;
  std::string items;                    // where the elements of one page stand
  std::optional<std::string> argument;  // takes the cursor, the number of the page, or the offset
  std::optional<std::string> next;      // cursor: where the next one stands
  int first = 1;                        // page: the number of the first one

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("style", self.style);
    field.optional("items", self.items);
    field.optional("argument", self.argument);
    field.optional("next", self.next);
    field.optional("first", self.first);
  }
  bool operator==(const Pagination&) const = default;
};

struct ApiPolicy {
  std::optional<double> timeout_seconds;  // of a call: its attempts and all that it waits for
  std::optional<double> attempt_seconds;  // of one attempt
  std::optional<double> connect_seconds;
  std::optional<RetryPolicy> retry;
  std::optional<RateLimit> rate_limit;
  std::optional<int> concurrency;  // calls at once; others stand in a queue
  std::optional<CircuitBreaker> circuit_breaker;
  std::optional<CachePolicy> cache;
  std::optional<IdempotencyKey> idempotency_key;
  std::optional<Pagination> pagination;
  std::optional<int> response_mebibytes_max;  // below what the server allows

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("timeoutSeconds", self.timeout_seconds);
    field.optional("attemptSeconds", self.attempt_seconds);
    field.optional("connectSeconds", self.connect_seconds);
    field.optional("retry", self.retry);
    field.optional("rateLimit", self.rate_limit);
    field.optional("concurrency", self.concurrency);
    field.optional("circuitBreaker", self.circuit_breaker);
    field.optional("cache", self.cache);
    field.optional("idempotencyKey", self.idempotency_key);
    field.optional("pagination", self.pagination);
    field.optional("responseMebibytesMax", self.response_mebibytes_max);
  }
  bool operator==(const ApiPolicy&) const = default;
};

// One line for each value that is out of its range, with the field in front, such as
// `policy.retry.attempts: must be from 1 to 10`.
std::vector<std::string> problems_of(const ApiPolicy& policy);

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::RateScope> =
    std::to_array<poly::EnumWord<poly::spec::RateScope>>({
        {poly::spec::RateScope::function, "function"},
        {poly::spec::RateScope::host, "host"},
    });
template <>
inline constexpr auto poly::enum_words<poly::spec::PaginationStyle> =
    std::to_array<poly::EnumWord<poly::spec::PaginationStyle>>({
        {poly::spec::PaginationStyle::cursor, "cursor"},
        {poly::spec::PaginationStyle::page, "page"},
        {poly::spec::PaginationStyle::offset, "offset"},
        {poly::spec::PaginationStyle::link, "link"},
    });
