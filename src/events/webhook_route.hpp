// Does a request fit the method list and the subpath template of a webhook, and what do its parts mean? Pure:
// text in, parameters out (wire.md section 8.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "spec/webhook.hpp"

namespace poly::events {

inline constexpr std::size_t subpath_length_max = 1'000;

// `method` in upper case is in the webhook's list, such as "GET,POST".
bool accepts_method(const spec::Webhook& webhook, std::string_view method);

// Is it a template that can be matched: `orders/{orderId}?a={a}`, at most one `{name}` in a segment or value?
Result<void> check_subpath(std::string_view subpath);

// `rest` is what follows `/webhooks/{id}` in the path, still percent-encoded, with or without slashes at its
// ends; `query` is what follows the `?`. Nothing when the path does not fit. Without a template the rest must
// be empty.
//
// Path parameters come as text. So do query parameters, those that the template does not name too; one that
// occurs several times comes as an array. A query parameter of the template may be missing; a fixed one
// (`?kind=order`) must be there with that value.
std::optional<JsonObject> match_subpath(const spec::Webhook& webhook, std::string_view rest,
                                        std::string_view query);

}  // namespace poly::events
