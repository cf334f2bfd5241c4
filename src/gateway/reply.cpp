#include "gateway/reply.hpp"

namespace poly::gateway {

http::Response json_text_reply(std::string json, int status) {
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  response.body = std::move(json);
  return response;
}

http::Response json_reply(const Json& value, int status) {
  return json_text_reply(to_text(value), status);
}

http::Response empty_reply(int status) {
  http::Response response;
  response.status = status;
  return response;
}

http::Response list_reply(const Context& context, JsonArray items) {
  if (context.version == ApiVersion::v1) return json_reply(items);
  return json_reply(JsonObject{{"results", std::move(items)}});
}

int http_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
      return 400;
    case ErrorKind::unauthorized:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::method_not_allowed:
      return 405;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::unsupported:
      return 415;
    case ErrorKind::too_many_requests:
      return 429;
    case ErrorKind::function_failed:
      return 500;
    case ErrorKind::internal:
      return 500;
    case ErrorKind::not_built:
      return 501;
    case ErrorKind::upstream:
      return 502;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::timeout:
      return 504;
  }
  return 500;
}

http::Response error_reply(const Error& error, std::optional<int> chosen_status) {
  const int status = chosen_status.value_or(http_status(error.kind));
  JsonObject body{{"statusCode", status}};
  if (error.details.empty()) {
    body["message"] = error.message;
  } else {
    auto& lines = body["message"].emplace_array();
    for (const auto& line : error.details) lines.emplace_back(line);
  }
  if (!error.code.empty()) body["code"] = error.code;
  auto response = json_reply(body, status);
  if (status == 429 || status == 503) response.headers.add("Retry-After", "1");
  return response;
}

}  // namespace poly::gateway
