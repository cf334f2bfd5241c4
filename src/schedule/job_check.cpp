#include "schedule/job_check.hpp"

#include "schedule/timing.hpp"

namespace poly::schedule {
namespace {

using Lines = std::vector<std::string>;

bool is_space(char sign) {
  return sign == ' ' || (sign >= '\t' && sign <= '\r');
}

void check_name(const std::string& name, Lines& wrong) {
  if (std::ranges::all_of(name, is_space)) wrong.push_back("$.name: must not be empty");
  if (name.size() > name_bytes_max) {
    wrong.push_back("$.name: has " + std::to_string(name.size()) + " bytes, more than " +
                    std::to_string(name_bytes_max));
  }
}

void check_schedule(const spec::JobSchedule& schedule, Lines& wrong) {
  auto timing = Timing::of(schedule);
  if (!timing) std::ranges::move(timing.error().details, std::back_inserter(wrong));
}

std::size_t bytes_of(const Json& payload) {
  return payload.is_null() ? 0 : to_text(payload).size();
}

void check_functions(const std::vector<spec::JobFunction>& functions, Lines& wrong) {
  if (functions.empty()) wrong.push_back("$.functions: needs at least one function");
  if (functions.size() > functions_max) {
    wrong.push_back("$.functions: has " + std::to_string(functions.size()) + " functions, more than " +
                    std::to_string(functions_max));
  }
  std::size_t payload_bytes = 0;
  for (const auto& function : functions) {
    payload_bytes += bytes_of(function.event_payload) + bytes_of(function.headers_payload) +
                     bytes_of(function.params_payload);
  }
  if (payload_bytes > payload_bytes_max) {
    wrong.push_back("$.functions: their payloads have " + std::to_string(payload_bytes) +
                    " bytes, more than " + std::to_string(payload_bytes_max));
  }
}

}  // namespace

Result<void> check_job(const spec::Job& job) {
  Lines wrong;
  check_name(job.name, wrong);
  check_schedule(job.schedule, wrong);
  check_functions(job.functions, wrong);
  if (wrong.empty()) return {};
  std::string message;
  for (const auto& line : wrong) message += (message.empty() ? "" : "; ") + line;
  return std::unexpected(Error{ErrorKind::bad_request, std::move(message), {}, std::move(wrong)});
}

}  // namespace poly::schedule
