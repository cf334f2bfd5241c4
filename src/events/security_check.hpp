// May a request to a webhook come in? Asks the webhook's security functions one after the other.
#pragma once

#include "events/events.hpp"

namespace poly::events {

// On a loop of the data plane. Each function gets the body as it came, the headers and the parameters. Throws
// Failure (forbidden), with the message that goes with the function, at the first that does not return true:
// one that fails or is not there too, which is logged for the webhook's owner.
Task<void> check_security(RunFunction run, catalog::SnapshotPointer snapshot,
                          catalog::ResourcePointer webhook, execution::Caller caller, std::string raw_body,
                          JsonObject headers, JsonObject params);

}  // namespace poly::events
