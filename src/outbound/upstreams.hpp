// What is known of the systems that are called, shared by the callers of all loops: tokens, kept answers, and
// how much each function may still ask of them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>

#include "base/id.hpp"
#include "catalog/resource.hpp"
#include "http/client_certificate.hpp"
#include "http/url.hpp"
#include "journal/metrics.hpp"
#include "outbound/call_slots.hpp"
#include "outbound/circuit_breaker.hpp"
#include "outbound/response_cache.hpp"
#include "outbound/token_bucket.hpp"
#include "outbound/token_cache.hpp"
#include "spec/api_policy.hpp"

namespace poly::outbound {

inline constexpr std::size_t host_buckets_max = 10'000;
inline constexpr std::size_t certificates_kept_max = 1'000;

// How often a policy stepped in, in the metrics under the function's path.
struct PolicyCounters {
  PolicyCounters(journal::Metrics& metrics, const std::string& function);

  journal::Counter& retries;
  journal::Counter& rate_waits;
  journal::Counter& rate_refusals;
  journal::Counter& queue_refusals;
  journal::Counter& circuit_openings;
  journal::Counter& circuit_refusals;
  journal::Counter& cache_hits;
  journal::Counter& cache_confirmed;
  journal::Counter& cache_misses;
};

// Of one function with a policy; goes on while the policy stays the same, whatever else of the function
// changes.
struct FunctionLimits {
  FunctionLimits(const spec::ApiPolicy& policy, journal::Metrics& metrics, const std::string& function);

  const spec::ApiPolicy policy;
  PolicyCounters counters;
  std::optional<TokenBucket> rate;  // of its own; those of a host are shared by functions
  std::optional<CallSlots> slots;
  std::optional<CircuitBreaker> breaker;
};

// All members may be called on any loop.
class Upstreams final {
 public:
  Upstreams(const Clock& clock, journal::Metrics& metrics);
  Upstreams(const Upstreams&) = delete;
  Upstreams& operator=(const Upstreams&) = delete;

  std::shared_ptr<FunctionLimits> limits_of(const catalog::Resource& function, const spec::ApiPolicy& policy);
  std::shared_ptr<TokenBucket> bucket_of(EnvironmentId environment, const http::Origin& host,
                                         const spec::RateLimit& limit);
  // Read once for the same two texts. Throws Failure{bad_request}.
  std::shared_ptr<const http::ClientCertificate> certificate(std::string_view certificate,
                                                             std::string_view key);

  TokenCache tokens;
  ResponseCache answers;
  journal::Counter& token_grants;
  journal::Counter& token_refusals;

 private:
  using HostKey = std::tuple<EnvironmentId, http::Origin, int, double>;

  journal::Metrics& metrics_;
  std::mutex mutex_;
  std::unordered_map<ResourceId, std::weak_ptr<FunctionLimits>> limits_;
  std::map<HostKey, std::shared_ptr<TokenBucket>> buckets_;
  std::unordered_map<Digest, std::shared_ptr<const http::ClientCertificate>, DigestHash> certificates_;
};

}  // namespace poly::outbound
