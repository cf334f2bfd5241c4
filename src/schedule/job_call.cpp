#include "schedule/job_call.hpp"

#include <charconv>

namespace poly::schedule {
namespace {

// An envelope starts with it (outbound/envelope.hpp).
std::optional<int> upstream_status(std::string_view envelope) {
  constexpr std::string_view start = R"({"status":)";
  if (!envelope.starts_with(start)) return std::nullopt;
  int status = 0;
  const auto read =
      std::from_chars(envelope.data() + start.size(), envelope.data() + envelope.size(), status);
  return read.ec == std::errc() ? std::optional(status) : std::nullopt;
}

}  // namespace

JobCall call_of(const catalog::Snapshot& snapshot, const catalog::Resource& job,
                const spec::JobFunction& function) {
  auto found = snapshot.find(function.id);
  const catalog::Viewpoint from{job.tenant, job.environment};
  if (!found || !snapshot.visible(from, *found)) {
    throw Failure(ErrorKind::not_found, "there is no function with the id " + function.id.text());
  }
  if (found->kind() == spec::Kind::api_function) return {found, function.event_payload};
  if (found->kind() != spec::Kind::server_function) {
    throw Failure(ErrorKind::bad_request, "'" + found->path() + "' is a " +
                                              std::string(spec::human_name(found->kind())) +
                                              ", and a job runs API functions and server functions");
  }
  auto arguments = execution::event_arguments(*found, function.event_payload, function.headers_payload,
                                              function.params_payload);
  return {found, std::move(arguments)};
}

int status_of(const catalog::Resource& function, const execution::Outcome& outcome) {
  constexpr int status_default = 200;
  if (function.kind() == spec::Kind::api_function)
    return upstream_status(outcome.body).value_or(status_default);
  return outcome.status.value_or(status_default);
}

std::string shortened(std::string error) {
  constexpr std::string_view mark = " … (cut)";
  if (error.size() <= error_bytes_max) return error;
  auto end = error_bytes_max - mark.size();
  while (end > 0 && (static_cast<unsigned char>(error[end]) & 0xC0) == 0x80) --end;
  error.resize(end);
  return error.append(mark);
}

}  // namespace poly::schedule
