// What a failed run says to the triggers that handle errors (wire.md sections 8.2 and 10). Pure.
#pragma once

#include "execution/execution.hpp"
#include "journal/execution.hpp"
#include "spec/trigger.hpp"

namespace poly::events {

// The trigger's path is that of the function, or of a context around it, and the lists that it gives name the
// run. A list of users says nothing about a run that no user started; runs belong to no application.
bool handles(const spec::ErrorHandlerSource& source, const journal::ExecutionRecord& record,
             const execution::Caller& caller);

// {message, status?, functionId?, userId?, path, executionId}.
JsonObject error_payload(const journal::ExecutionRecord& record, const execution::Caller& caller);

}  // namespace poly::events
