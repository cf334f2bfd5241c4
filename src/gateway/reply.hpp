// Answers: JSON, lists in both versions, and errors in the protocol's form (wire.md section 1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/codec.hpp"
#include "gateway/route.hpp"

namespace poly::gateway {

http::Response json_reply(const Json& value, int status = 200);
http::Response json_text_reply(std::string json, int status = 200);
http::Response empty_reply(int status = 200);

// A bare array (version 1) or `{"results":[…]}` (version 2).
http::Response list_reply(const Context& context, JsonArray items);

// `{"statusCode":…,"message":…,"code"?}`; several reasons become an array of messages. The status is that of
// the error's kind, unless a function chose one.
http::Response error_reply(const Error& error, std::optional<int> chosen_status = std::nullopt);
// The one place where kinds of errors become HTTP statuses.
int http_status(ErrorKind kind);

}  // namespace poly::gateway
