// Runs API functions on one loop: plan, send, wrap the answer; and with more care those that ask for it.
#pragma once

#include <memory>
#include <unordered_map>

#include "catalog/resource.hpp"
#include "outbound/api_answer.hpp"
#include "outbound/paged_call.hpp"

namespace poly::outbound {

class ApiCaller final {
 public:
  // `ids` and `upstreams` are shared by all loops.
  ApiCaller(Executor executor, http::Client& client, TimerWheel& wheel, const Clock& clock, IdSource& ids,
            const ApiSettings& settings, Upstreams& upstreams);
  ApiCaller(const ApiCaller&) = delete;
  ApiCaller& operator=(const ApiCaller&) = delete;

  // `arguments` are checked already and hold no variable references. Every status of the upstream is an
  // answer. Throws Failure: bad_request (an argument does not fit its place), upstream, timeout, too_large,
  // forbidden (an address that may not be called), too_many_requests, unavailable (the circuit breaker of the
  // function is open). With `pages`, as PagedCall::run().
  Task<ApiAnswer> call(catalog::ResourcePointer function, std::shared_ptr<const JsonObject> arguments,
                       std::optional<int> pages);

  // The request that such a call would send, in the form of direct_request_of(). Throws Failure as call()
  // does before it sends.
  Task<std::string> direct_request(catalog::ResourcePointer function,
                                   std::shared_ptr<const JsonObject> arguments);
  // Throws Failure{forbidden} when the settings do not allow it.
  void require_direct_requests() const;

  // Waits for the token requests that calls have left behind.
  Task<void> close();

 private:
  std::shared_ptr<const CallPlan> plan_for(const catalog::Resource& function);

  TaskGroup token_requests_;
  const CallerParts parts_;
  std::unordered_map<ResourceId, std::shared_ptr<const CallPlan>> plans_;
};

}  // namespace poly::outbound
