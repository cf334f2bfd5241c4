// Whether a request is sent again, and when.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "spec/api_policy.hpp"

namespace poly::outbound {

// Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).
bool is_idempotent(http::Method method);

// The wait before the attempt after the `made`-th, from nothing to an end that doubles each time. `draw` is
// from [0, 1).
std::chrono::milliseconds backoff(const spec::RetryPolicy& policy, int made, double draw);

// What a Retry-After header asks for: seconds, or a date. Nothing when it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Timestamp now);

// The wait before the next attempt after an answer of the upstream; nothing when it is to be given to the
// caller.
std::optional<std::chrono::milliseconds> wait_after_answer(const spec::RetryPolicy& policy, int made,
                                                           int status, std::string_view retry_after,
                                                           Timestamp now, double draw);
// The same after none came.
std::optional<std::chrono::milliseconds> wait_after_failure(const spec::RetryPolicy& policy, int made,
                                                            ErrorKind kind, double draw);

}  // namespace poly::outbound
