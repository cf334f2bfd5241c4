// The headers that tell a caller about the run behind an answer.
#pragma once

#include <chrono>

#include "base/id.hpp"
#include "http/client.hpp"
#include "http/message.hpp"

namespace poly::gateway {

// x-poly-execution-id, and x-poly-execution-duration in whole milliseconds.
void add_execution_headers(http::Response& response, ExecutionId id, std::chrono::microseconds duration);

// Server-Timing (the W3C's recommendation of that name): where the time of the upstream's request went, in
// milliseconds. `resolve`, `connect`, `tls`, `first-byte` (from the start), `transfer`, `total`, and `reused`
// when an open connection served it. Not added for an answer that was kept.
void add_server_timing(http::Response& response, const http::Timings& timings);

}  // namespace poly::gateway
