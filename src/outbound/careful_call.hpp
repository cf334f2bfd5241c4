// One call of an API function that has a policy, or credentials that are made for the request: what comes
// before, between and after its attempts, as one list of steps.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/id.hpp"
#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "outbound/api_answer.hpp"
#include "outbound/call_plan.hpp"
#include "outbound/upstreams.hpp"

namespace poly::outbound {

// What all calls of one loop share.
struct CallerParts {
  Executor executor;
  http::Client& client;
  TimerWheel& wheel;
  const Clock& clock;
  IdSource& ids;
  const ApiSettings& settings;
  Upstreams& upstreams;
  TaskGroup& token_requests;
};

class CarefulCall final {
 public:
  // `plan` and `arguments` outlive the call. With an address it goes there, in place of the one that the
  // function makes of its arguments. Throws Failure{bad_request} when the arguments do not fit.
  CarefulCall(const CallerParts& parts, const CallPlan& plan, const JsonObject& arguments,
              const std::optional<http::Url>& address = std::nullopt);
  CarefulCall(const CarefulCall&) = delete;
  CarefulCall& operator=(const CarefulCall&) = delete;

  // As ApiCaller::call.
  Task<ApiAnswer> run();

  // The request that a first attempt would send now, with a current token; nothing is sent to its address.
  // Limits of the policy are for those who send, and what is kept of answers is not asked about. Throws as
  // run() does.
  Task<http::ClientRequest> request();

 private:
  using Outcome = Result<http::ClientResponse>;

  Task<http::ClientResponse> exchange_until_final();
  Task<CallSlots::Slot> take_slot();
  Task<void> wait_for_rate();
  Task<void> get_token();
  http::ClientRequest attempt_request() const;
  Task<Outcome> exchange(http::ClientRequest request);

  void prepare_request();
  void prepare_cache(const JsonObject& arguments);
  void ask_whether_kept_is_current();
  std::optional<ApiAnswer> kept_answer() const;
  ApiAnswer answer_of(const http::ClientResponse& response);
  void keep(const http::ClientResponse& response, KeptAnswer answer);

  std::optional<CircuitBreaker::Admission> admit() const;
  void judge(CircuitBreaker::Admission& admission, const Outcome& outcome) const;
  bool token_was_refused(const Outcome& outcome);
  std::optional<std::chrono::milliseconds> wait_before_next(const Outcome& outcome) const;
  bool may_repeat() const;
  std::chrono::milliseconds left() const;
  void require_time() const;
  [[noreturn]] void refuse(ErrorKind kind, std::string reason, std::string code) const;

  const CallerParts& parts_;
  const CallPlan& plan_;
  const std::chrono::milliseconds timeout_;
  const Instant deadline_;
  http::ClientRequest request_;
  int attempts_ = 0;  // made so far

  std::optional<Digest> cache_key_;
  KeptAnswerPointer kept_;
  bool asks_whether_kept_is_current_ = false;

  spec::AwsSettings aws_;
  spec::OAuthSettings oauth_;
  Digest token_key_{};
  TokenPointer token_;
  bool token_was_renewed_ = false;
};

}  // namespace poly::outbound
