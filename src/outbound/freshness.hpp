// How long an answer may stand for the ones to come (RFC 9111, as a cache of one function's callers).
#pragma once

#include <chrono>
#include <string>

#include "base/time.hpp"
#include "http/client.hpp"
#include "spec/api_policy.hpp"

namespace poly::outbound {

struct Freshness {
  bool may_be_kept = false;
  std::chrono::milliseconds lasts{0};  // without asking again
  std::string etag, last_modified;     // what to ask again with
};

// Of an answer with status 200, or of a 304 that confirms an older one. `no-store` and `Vary: *` are kept
// under no declaration; otherwise the declared time goes before what the answer says.
Freshness freshness_of(const http::ClientResponse& response, const spec::CachePolicy& policy, Timestamp now);

}  // namespace poly::outbound
