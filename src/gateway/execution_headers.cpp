#include "gateway/execution_headers.hpp"

namespace poly::gateway {

void add_execution_headers(http::Response& response, ExecutionId id, std::chrono::microseconds duration) {
  response.headers.add("x-poly-execution-id", id.text());
  response.headers.add("x-poly-execution-duration", std::to_string(duration.count() / 1000));
}

}  // namespace poly::gateway
