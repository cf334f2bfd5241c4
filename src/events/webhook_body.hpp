// What came in a request to a webhook, as the JSON that functions get. Pure.
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "events/events.hpp"

namespace poly::events {

// JSON by its content type; a form as an object of texts, where a key that occurs several times has an array
// of them; nothing as null; everything else, XML too, as text. Throws Failure (bad_request) for JSON that is
// none, naming the byte, and for bytes that are no UTF-8 text.
Json event_of_body(std::string_view body, std::string_view content_type);

// By lower-case name; a header that came several times is joined with commas. `authorization` is left out
// when it held a key of ours: events are stored and looked at, keys are not.
JsonObject headers_of(const WebhookEvent& event);

// Throws Failure (bad_request) when a text in `params` is not UTF-8.
void require_text(const JsonObject& params);

}  // namespace poly::events
