#include "outbound/api_caller.hpp"

#include "outbound/direct_request.hpp"
#include "outbound/envelope.hpp"

namespace poly::outbound {

ApiCaller::ApiCaller(Executor executor, http::Client& client, TimerWheel& wheel, const Clock& clock,
                     IdSource& ids, const ApiSettings& settings, Upstreams& upstreams)
    : token_requests_(executor, "token requests"),
      parts_{executor, client, wheel, clock, ids, settings, upstreams, token_requests_} {}

std::shared_ptr<const CallPlan> ApiCaller::plan_for(const catalog::Resource& function) {
  auto& plan = plans_[function.id];
  if (!plan || plan->version != function.version)
    plan = std::make_shared<const CallPlan>(function, parts_.upstreams);
  return plan;
}

Task<ApiAnswer> ApiCaller::call(catalog::ResourcePointer function,
                                std::shared_ptr<const JsonObject> arguments, std::optional<int> pages) {
  const auto plan = plan_for(*function);
  if (pages) {
    PagedCall paged(parts_, *plan, JsonObject(*arguments, boost::json::storage_ptr()), *pages);
    auto running = paged.run();
    co_return co_await std::move(running);
  }
  if (!plan->is_plain()) {
    CarefulCall careful(parts_, *plan, *arguments);
    auto running = careful.run();
    co_return co_await std::move(running);
  }
  auto request = plan->request.render(Arguments(*arguments));
  request.connect_timeout = parts_.settings.connect_timeout;
  request.total_timeout = parts_.settings.total_timeout;
  request.response_bytes_max = parts_.settings.response_bytes_max;
  auto sending = send(parts_.client, std::move(request), plan->redirects());
  const auto response = co_await std::move(sending);
  co_return ApiAnswer{response.status, envelope_of(response), response.timings};
}

Task<std::string> ApiCaller::direct_request(catalog::ResourcePointer function,
                                            std::shared_ptr<const JsonObject> arguments) {
  const auto plan = plan_for(*function);
  if (plan->is_plain())
    co_return direct_request_of(plan->request.render(Arguments(*arguments)), plan->redirects());
  CarefulCall careful(parts_, *plan, *arguments);
  auto making = careful.request();
  const auto request = co_await std::move(making);
  co_return direct_request_of(request, plan->redirects());
}

void ApiCaller::require_direct_requests() const {
  if (parts_.settings.direct_execute) return;
  throw Failure(
      ErrorKind::forbidden,
      "direct execute hands the credentials of API functions to whoever may execute them, so it is off; "
      "the setting outbound.direct_execute (POLY_OUTBOUND_DIRECT_EXECUTE) turns it on");
}

Task<void> ApiCaller::close() {
  auto joining = token_requests_.join();
  co_await std::move(joining);
}

}  // namespace poly::outbound
