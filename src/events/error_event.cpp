#include "events/error_event.hpp"

#include <algorithm>

namespace poly::events {
namespace {

bool lies_in(std::string_view path, std::string_view around) {
  if (!path.starts_with(around)) return false;
  return path.size() == around.size() || around.empty() || path[around.size()] == '.';
}

template <class SomeId>
bool names(const std::optional<std::vector<std::string>>& list, const SomeId& id) {
  return !list || std::ranges::find(*list, id.text()) != list->end();
}

bool has_user(const execution::Caller& caller) {
  return caller.identity && !caller.identity->user.id.is_nil();
}

}  // namespace

bool handles(const spec::ErrorHandlerSource& source, const journal::ExecutionRecord& record,
             const execution::Caller& caller) {
  if (!lies_in(record.path, source.path)) return false;
  if (source.function_ids && (!record.resource || !names(source.function_ids, *record.resource)))
    return false;
  return !has_user(caller) || names(source.user_ids, caller.identity->user.id);
}

JsonObject error_payload(const journal::ExecutionRecord& record, const execution::Caller& caller) {
  JsonObject payload;
  payload["message"] = record.error.value_or("the run failed");
  if (record.http_status) payload["status"] = *record.http_status;
  if (record.resource) payload["functionId"] = record.resource->text();
  if (has_user(caller)) payload["userId"] = caller.identity->user.id.text();
  payload["path"] = record.path;
  payload["executionId"] = record.id.text();
  return payload;
}

}  // namespace poly::events
