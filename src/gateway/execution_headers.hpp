// The headers that tell a caller about the run behind an answer.
#pragma once

#include <chrono>

#include "base/id.hpp"
#include "http/message.hpp"

namespace poly::gateway {

// x-poly-execution-id, and x-poly-execution-duration in whole milliseconds.
void add_execution_headers(http::Response& response, ExecutionId id, std::chrono::microseconds duration);

}  // namespace poly::gateway
