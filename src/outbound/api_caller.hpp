// Runs API functions on one loop: plan, send, follow redirects when allowed, wrap the answer.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "catalog/resource.hpp"
#include "http/client.hpp"
#include "outbound/request_plan.hpp"

namespace poly::outbound {

inline constexpr int redirects_max = 10;

struct ApiSettings {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};
  std::size_t response_bytes_max = 16 << 20;
};

struct ApiAnswer {
  int status = 0;        // of the upstream
  std::string envelope;  // JSON
  http::Timings timings;
};

class ApiCaller final {
 public:
  ApiCaller(http::Client& client, const ApiSettings& settings) : client_(client), settings_(settings) {}
  ApiCaller(const ApiCaller&) = delete;
  ApiCaller& operator=(const ApiCaller&) = delete;

  // `arguments` are checked already and hold no variable references. Every status of the upstream is an
  // answer. Throws Failure: bad_request (an argument does not fit its place), upstream, timeout, too_large,
  // forbidden (an address that may not be called), too_many_requests.
  Task<ApiAnswer> call(catalog::ResourcePointer function, std::shared_ptr<const JsonObject> arguments);

 private:
  struct Planned {
    std::uint64_t version = 0;
    std::shared_ptr<const RequestPlan> plan;
  };

  std::shared_ptr<const RequestPlan> plan_for(const catalog::Resource& function);

  http::Client& client_;
  const ApiSettings& settings_;
  std::unordered_map<ResourceId, Planned> plans_;
};

}  // namespace poly::outbound
