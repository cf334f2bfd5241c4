// What the sender of a webhook is answered (wire.md section 8.1). Pure.
#pragma once

#include <optional>

#include "events/events.hpp"

namespace poly::events {

// Each of status, headers and body is what the webhook's owner configured, else what the waiting trigger's
// function gave, else 200, none, and none.
WebhookAnswer answer_of(const spec::Webhook& webhook, std::optional<execution::Outcome> outcome);

}  // namespace poly::events
